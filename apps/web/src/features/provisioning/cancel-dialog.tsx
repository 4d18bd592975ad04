"use client";

import { useTranslations } from "next-intl";
import { CloseDialog } from "../shell/close-dialog.tsx";
import { Dialog } from "../shell/dialog.tsx";
import { Name } from "../shell/name.tsx";
import tenantStyles from "../tenants/tenants.module.css";
import styles from "./provisioning.module.css";
import type { Run, Step } from "./rows.ts";
import { ServiceProblem } from "./service-problem.tsx";
import { useCall } from "./use-call.ts";
import { vendorNames } from "./vendor-names.ts";

type Props = { run: Run; onClose(): void; onDone(): void };

/** Asks whether a run is to be ended, and says of each vendor what will become of what it has done. */
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
      <ul className={tenantStyles.consequences}>
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
          className={`plain ${tenantStyles.danger}`}
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

/** What ending its run does to a step. */
function fateOf({ state, created }: Step) {
  if (state === "queued" || state === "waiting") return "dropped";
  if (state === "running") return "awaited";
  return state === "succeeded" && created ? "undone" : "kept";
}
