"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import type { Step } from "@smarteros/tools-fastapi/provisioning-log";
import { Duration } from "@smarteros/ui/duration.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import { Duplicates } from "../live/duplicates.tsx";
import { Failure } from "../live/failure.tsx";
import styles from "../live/provisioning.module.css";
import { stepKinds } from "../live/state-kinds.ts";
import { Timing } from "../live/timing.tsx";

/** The steps of a run: each vendor's state, how long it took, what it made, and what is in its way. */
export function RunSteps({ steps, now }: { steps: Step[]; now: number }) {
  const t = useTranslations("provisioning");
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step.vendor} data-vendor={step.vendor} data-kind={stepKinds[step.state]}>
          <div className={styles.stepLine}>
            <strong>{vendorNames[step.vendor]}</strong>
            <Status kind={stepKinds[step.state]}>{t(`step.${step.state}`)}</Status>
            <span className={styles.dim}>{t(`action.${step.action}`)}</span>
            <Timing of={step} now={now} />
            <Took step={step} />
            {step.external_id && (
              <span>
                <code>
                  <Name>{step.external_id}</Name>
                </code>{" "}
                {step.created && <span className={styles.dim}>{t("created")}</span>}
              </span>
            )}
          </div>
          {step.state === "unsupported" && <p>{t("unsupportedWhy", { vendor: vendorNames[step.vendor] })}</p>}
          {step.state === "undo_failed" && <p>{t("undoFailedWhy", { vendor: vendorNames[step.vendor] })}</p>}
          {step.state !== "succeeded" && <Failure {...step} />}
          <Duplicates ids={step.duplicates} vendor={step.vendor} />
        </li>
      ))}
    </ol>
  );
}

function Took({ step }: { step: Step }) {
  const t = useTranslations("provisioning.timing");
  const { started_at: from, finished_at: to, state, attempts } = step;
  if (!from || !to) return null;
  return (
    <span className={styles.number}>
      <Duration from={Date.parse(from)} to={Date.parse(to)} />
      {state === "succeeded" && attempts > 1 && <> · {t("attempts", { count: attempts })}</>}
    </span>
  );
}
