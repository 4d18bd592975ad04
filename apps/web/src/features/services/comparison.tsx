"use client";

import { useMounted } from "@mantine/hooks";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { lastComparison } from "../live/state-kinds.ts";
import { useCall } from "../live/use-call.ts";
import type { Reconciliation } from "./comparison-result.tsx";

const ComparisonResult = dynamic(
  () => import("./comparison-result.tsx").then((module) => module.ComparisonResult),
  { ssr: false },
);

type Props = {
  tenantId: string;
  services: Service[];
  /** The time of rendering in milliseconds, with which both sides begin. */
  written: number;
  writable: boolean;
};

const modes = ["compare", "repair"] as const;

/** Shows when a tenant's services were last compared with their vendors; compares them now, and repairs them, on request. */
export function Comparison({ tenantId, services, written, writable }: Props) {
  const t = useTranslations("provisioning.compare");
  const { call, working, failed, forget } = useCall();
  const [mode, setMode] = useState<(typeof modes)[number]>("compare");
  const [result, setResult] = useState<Reconciliation>();
  const ready = useMounted();
  const last = lastComparison(services);

  async function compare(chosen: (typeof modes)[number]) {
    if (working) return;
    setMode(chosen);
    setResult(undefined);
    setResult(await call<Reconciliation>("services.reconcile", { tenantId, repair: chosen === "repair" }));
  }

  return (
    <section className={styles.comparison} aria-label={t("title")}>
      <p className={styles.dim}>
        {last ? (
          <>
            {t("last")} <RelativeTime at={last} now={written} />
          </>
        ) : (
          t("never")
        )}
      </p>
      {writable && (
        <div className={styles.actions}>
          {modes.map((one) => (
            <button
              key={one}
              className="plain"
              type="button"
              disabled={!ready}
              aria-disabled={working}
              onClick={() => void compare(one)}
            >
              {t(working && one === mode ? "working" : one)}
            </button>
          ))}
        </div>
      )}
      <div className={styles.compared} aria-live="polite" aria-busy={working}>
        {result && <ComparisonResult result={result} />}
      </div>
      {failed && (
        <ServiceProblem
          outcome={failed}
          onRetry={() => {
            forget();
            void compare(mode);
          }}
        />
      )}
    </section>
  );
}
