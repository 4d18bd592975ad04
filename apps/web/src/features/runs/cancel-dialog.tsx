"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import type { Run, Step } from "@smarteros/tools-fastapi/provisioning-log";
import { CloseDialog } from "@smarteros/ui/close-dialog.tsx";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { useCall } from "../live/use-call.ts";

type Props = { run: Run; onClose(): void; onDone(): void };

/** Asks before a run is cancelled, and shows per vendor the consequence for its resources. */
export function CancelDialog({ run, onClose, onDone }: Props) {
  const t = useTranslations("provisioning.cancel");
  const { call, working, failed } = useCall();

  async function cancel() {
    if (await call("services.cancel", { runId: run.id })) onDone();
  }

  return (
    <Dialog title={t("question")} onClose={onClose}>
      <p>
        <strong>
          <Name>{run.tenants.business_name}</Name>
        </strong>
      </p>
      <ul className={page.consequences}>
        {run.provision_steps.map((step) => (
          <li key={step.vendor}>
            {t(fateOf(step), { vendor: vendorNames[step.vendor] })}{" "}
            {fateOf(step) === "undone" && step.external_id && (
              <code>
                <Name>{step.external_id}</Name>
              </code>
            )}
          </li>
        ))}
      </ul>
      {failed && <ServiceProblem outcome={failed} onRetry={() => void cancel()} />}
      <div className={styles.buttons}>
        <button
          className={`plain ${page.danger}`}
          type="button"
          aria-disabled={working}
          onClick={() => void cancel()}
        >
          {t(working ? "working" : "confirm")}
        </button>
        <CloseDialog first>{t("keep")}</CloseDialog>
      </div>
    </Dialog>
  );
}

/** Returns the consequence of cancelling for a step. */
function fateOf({ state, created }: Step) {
  if (state === "queued" || state === "waiting") return "dropped";
  if (state === "running") return "awaited";
  return state === "succeeded" && created ? "undone" : "kept";
}
