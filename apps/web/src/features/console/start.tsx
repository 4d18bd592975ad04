"use client";

import { NativeSelect } from "@mantine/core";
import type { RecentInvocation } from "@smarteros/observability";
import { isolatedText, visibleText } from "@smarteros/ui/visible-text.ts";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";
import styles from "./console.module.css";
import { History } from "./history.tsx";
import { LimitLine } from "./limit.tsx";
import { PastCall } from "./past-call.tsx";
import { useRuns } from "./runs-provider.tsx";
import type { ConsoleTool } from "./tool.ts";

type Props = {
  tools: ConsoleTool[];
  tenants: KnownTenant[];
  tenantsRead: boolean;
  unknown: string | undefined;
  recorded: boolean;
  onSelect: (name: string, argumentsText?: string) => void;
};

type Action = { label: string; tool: string; args: unknown };

/** Shows common calls before a tool is chosen, with arguments of the operator's own tenants. */
export function Start({ tools, tenants, tenantsRead, unknown, recorded, onSelect }: Props) {
  const t = useTranslations("console");
  const { start } = useRuns();
  const [chosen, setChosen] = useState<string>();
  const [past, setPast] = useState<RecentInvocation>();
  // What was chosen may be gone, and the first one may have come since.
  const tenant = tenants.find(({ id }) => id === chosen) ?? tenants[0];
  const actions: Action[] = [
    { label: t("start.listTenants"), tool: "tenants.list", args: {} },
    { label: t("start.createTenant"), tool: "tenants.create", args: {} },
    { label: t("start.backendHealth"), tool: "fastapi.get", args: { path: "/health" } },
  ];
  const id = tenant?.id;
  const name = visibleText(tenant?.name ?? "");
  const onTenant: Action[] = [
    { label: t("start.getTenant", { name }), tool: "tenants.get", args: { id } },
    {
      label: t("start.switchServices", { name }),
      tool: "tenants.updateServices",
      args: { id, services: {} },
    },
    { label: t("start.deleteTenant", { name }), tool: "tenants.delete", args: { id } },
  ];

  const list = (some: Action[]) => (
    <ul className={styles.actions}>
      {some.map(({ label, tool: wanted, args }) => {
        const tool = tools.find((candidate) => candidate.name === wanted);
        if (!tool) return null;
        const reads = tool.annotations.readOnlyHint;
        const act = () => {
          onSelect(wanted, JSON.stringify(args, null, 2));
          if (reads) void start(wanted, args);
        };
        return (
          <li key={wanted}>
            <button type="button" className={styles.action} onClick={act}>
              {reads && <IconPlayerPlay size={16} stroke={1.5} aria-hidden />}
              <strong>
                <bdi>{label}</bdi>
              </strong>
              <span>
                <code>{wanted}</code> {reads ? t("start.runsNow") : t("start.opens")}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );

  return (
    <div className={styles.start}>
      {unknown && (
        <p className="notice" role="alert">
          <bdi>{t("unknownTool", { name: visibleText(unknown.slice(0, 64)) })}</bdi>
        </p>
      )}
      <div className={styles.startHead}>
        <h2>{t("start.title")}</h2>
        <LimitLine />
      </div>
      <p>{t("start.lead")}</p>
      {list(actions)}
      {tenants.length === 0 ? (
        <p className={tenantsRead ? undefined : "notice"}>
          {t(tenantsRead ? "start.noTenants" : "start.tenantsUnread")}
        </p>
      ) : (
        <>
          <NativeSelect
            label={t("start.tenant")}
            value={tenant?.id}
            data={tenants.map((known) => ({
              value: known.id,
              label: `${isolatedText(known.name)} · ${known.rut}`,
            }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          {list(onTenant)}
        </>
      )}
      {past && <PastCall call={past} onClose={() => setPast(undefined)} />}
      <History tools={tools} tenants={tenants} recorded={recorded} onSelect={onSelect} onOpen={setPast} />
    </div>
  );
}
