"use client";

import { Switch } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import type { ServiceFlags } from "@smarteros/tools-tenants";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { startTransition, useRef, useState } from "react";
import { callTool } from "../calls/call-tool.ts";
import { useAuthorization } from "../session/authorization.tsx";
import { CallProblem, type FailedCall } from "./call-problem.tsx";
import { useProblemText } from "./problem-text.ts";
import { type ServiceFlag, serviceFlags } from "./service-flags.ts";
import styles from "./tenants.module.css";

type Props = { id: string; services: ServiceFlags; updatedAt: string };
/** The flags as the server last told them, and of when that was. */
type Known = { services: ServiceFlags; at: string };
type Refusal = { flag: ServiceFlag; on: boolean; outcome: FailedCall };

/**
 * The switches of a tenant's services. Each shows at once what was asked of it, and goes back, saying why, where the
 * server refuses. Not by `useOptimistic`: React ends all running actions together, and a refused switch would stay wrong
 * until the slowest of the others has its answer.
 */
export function ServiceSwitches({ id, services, updatedAt }: Props) {
  const t = useTranslations("tenants");
  const problem = useProblemText();
  const router = useRouter();
  const authorization = useAuthorization();
  const ready = useMounted();
  const [known, setKnown] = useState<Known>({ services, at: updatedAt });
  const [wanted, setWanted] = useState<Partial<ServiceFlags>>({});
  const [refusal, setRefusal] = useState<Refusal>();
  const [said, setSaid] = useState("");
  /** The last call of each flag: two of one flag go one after the other, those of different flags side by side. */
  const calls = useRef<Partial<Record<ServiceFlag, Promise<unknown>>>>({});

  // What was read again counts where it is newer; an answer on its way may have overtaken it.
  if (updatedAt > known.at) setKnown({ services, at: updatedAt });

  async function change(flag: ServiceFlag, on: boolean) {
    setWanted((others) => ({ ...others, [flag]: on }));
    setRefusal(undefined);
    const before = calls.current[flag] ?? Promise.resolve();
    const call = before.then(() =>
      callTool(authorization, { name: "tenants.updateServices", args: { id, services: { [flag]: on } } }),
    );
    calls.current[flag] = call;
    const outcome = await call;
    const latest = calls.current[flag] === call;
    if (outcome.ok) {
      const { tenant } = outcome.result as { tenant: { services_enabled: ServiceFlags; updated_at: string } };
      setKnown((last) =>
        tenant.updated_at >= last.at ? { services: tenant.services_enabled, at: tenant.updated_at } : last,
      );
    }
    if (!latest) return;
    setWanted(({ [flag]: _settled, ...others }) => others);
    const service = t(`service.${flag}.name`);
    setSaid(outcome.ok ? t(on ? "switches.on" : "switches.off", { service }) : "");
    if (!outcome.ok) setRefusal({ flag, on, outcome });
    // The audit below has a new row, and a refusal may mean that the tenant is no longer what this page shows. Where
    // nothing answers, Next would leave the page for the browser's own error.
    if (outcome.ok || outcome.code !== "unreachable") startTransition(() => router.refresh());
  }

  return (
    <>
      <fieldset className={styles.switches} disabled={!ready}>
        <legend className="visually-hidden">{t("switches.title")}</legend>
        {serviceFlags.map((flag) => (
          <Switch
            key={flag}
            classNames={{ track: styles.track }}
            label={t(`service.${flag}.name`)}
            description={t(`service.${flag}.what`)}
            checked={wanted[flag] ?? known.services[flag]}
            aria-busy={wanted[flag] !== undefined}
            onChange={(event) => void change(flag, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {refusal && (
        <CallProblem outcome={refusal.outcome} onRetry={() => void change(refusal.flag, refusal.on)}>
          {t(refusal.on ? "switches.stillOff" : "switches.stillOn", {
            service: t(`service.${refusal.flag}.name`),
          })}{" "}
          {refusal.outcome.code === "conflict" ? t("switches.conflict") : problem(refusal.outcome.code)}
        </CallProblem>
      )}
    </>
  );
}
