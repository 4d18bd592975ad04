"use client";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import type { RecentInvocation } from "@smarteros/observability";
import { Name } from "@smarteros/ui/name.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { useFormatter, useNow, useTranslations } from "next-intl";
import { useState } from "react";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";
import { ConfirmRun } from "./confirm-run.tsx";
import styles from "./console.module.css";
import { useRuns } from "./runs-provider.tsx";
import type { ConsoleTool } from "./tool.ts";
import { useRecentCalls } from "./use-recent-calls.ts";

type Props = {
  tools: ConsoleTool[];
  tenants: KnownTenant[];
  recorded: boolean;
  onSelect: (name: string, argumentsText?: string) => void;
  /** Shows a past call whole. */
  onOpen: (call: RecentInvocation) => void;
};

const states = ["all", "succeeded", "failed"] as const;

/** Shows the caller's last calls through every transport, as the database has them. */
export function History({ tools, tenants, recorded, onSelect, onOpen }: Props) {
  const t = useTranslations("console");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const { calls, failed, readAt, backendDown } = useRecentCalls();
  const { start } = useRuns();
  const [search, setSearch] = useState("");
  const [state, setState] = useState<(typeof states)[number]>("all");
  const [asked, setAsked] = useState<RecentInvocation>();

  const shown = calls?.filter(
    (call) =>
      call.tool.toLowerCase().includes(search.trim().toLowerCase()) &&
      (state === "all" || call.success === (state === "succeeded")),
  );

  function repeat(call: RecentInvocation) {
    setAsked(undefined);
    onSelect(call.tool, JSON.stringify(call.args ?? {}, null, 2));
    void start(call.tool, call.args ?? {});
  }

  return (
    <section className={styles.history} aria-label={t("history")}>
      <div className={styles.historyHead}>
        <h2>{t("history")}</h2>
        <TextInput
          size="xs"
          type="search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t("past.filter")}
          aria-label={t("past.filter")}
        />
        <NativeSelect
          size="xs"
          aria-label={t("past.states")}
          value={state}
          data={states.map((value) => ({ value, label: t(`past.${value}`) }))}
          onChange={(event) => setState(states.find((one) => one === event.currentTarget.value) ?? "all")}
        />
      </div>
      {backendDown && (
        <p className="notice" role="status">
          {t("past.backendDown")}
        </p>
      )}
      {failed && (
        <p className="notice" role="status">
          {t("past.failedLoad")} {readAt > 0 && t("past.stale", { when: format.relativeTime(readAt, now) })}
        </p>
      )}
      {!recorded && <p className={styles.empty}>{t("past.off")}</p>}
      {recorded && calls?.length === 0 && <p className={styles.empty}>{t("past.empty")}</p>}
      {calls && calls.length > 0 && shown?.length === 0 && (
        <p className={styles.empty}>{t("past.noneMatch")}</p>
      )}
      <ol className={styles.calls} data-stale={failed ? "" : undefined}>
        {shown?.map((call) => {
          const tool = tools.find(({ name }) => name === call.tool);
          const at = new Date(call.at);
          const when = format.dateTime(at, "second");
          const kept = call.redacted || typeof call.args === "string";
          const reason = kept ? t("past.redacted") : tool ? undefined : t("past.gone");
          return (
            <li key={call.id}>
              <Status kind={call.success ? "ok" : call.code === "cancelled" ? "none" : "down"}>
                {t(
                  `state.${call.success ? "succeeded" : call.code === "cancelled" ? "cancelled" : "failed"}`,
                )}
              </Status>
              <code className={styles.callTool}>
                <Name>{call.tool}</Name>
              </code>
              <time dateTime={call.at} title={when}>
                {now.getTime() - at.getTime() < 86_400_000
                  ? format.relativeTime(at, { now: Math.max(now.getTime(), at.getTime()), style: "short" })
                  : format.dateTime(at, "minute")}
              </time>
              <span className={styles.number}>{t("milliseconds", { count: call.durationMs })}</span>
              <span className={styles.callActions}>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("past.openRow", { tool: call.tool, when })}
                  onClick={() => onOpen(call)}
                >
                  {t("past.open")}
                </Button>
                {reason ? (
                  <span className={styles.reason}>{reason}</span>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t("past.repeatRow", { tool: call.tool, when })}
                    onClick={() => (tool?.annotations.destructiveHint ? setAsked(call) : repeat(call))}
                  >
                    {t("past.repeat")}
                  </Button>
                )}
              </span>
            </li>
          );
        })}
      </ol>
      {asked && (
        <ConfirmRun
          tool={asked.tool}
          args={asked.args}
          tenants={tenants}
          onYes={() => repeat(asked)}
          onNo={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}
