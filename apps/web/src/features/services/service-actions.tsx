"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import type { Run, Service } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { hasUndoFailed, isHeld, isRepairable, isRetriable, unfinished } from "../live/state-kinds.ts";
import { useCall } from "../live/use-call.ts";

type Props = {
  service: Service;
  /** The run of its state, where it is among the latest of the tenant. */
  run: Run | undefined;
  /** Opens the preview of provisioning it, under this title. */
  onPreview(title: string): void;
  onSaid(text: string): void;
};

/** Offers the actions of one service: retry what failed, repair drift, provision a wanted service. */
export function ServiceActions({ service, run, onPreview, onSaid }: Props) {
  const t = useTranslations("provisioning");
  const { call, working, failed } = useCall();
  const { state, run_id: runId, vendor } = service;
  const named = { vendor: vendorNames[vendor] };
  if (isOpen(service) || isHeld(service)) return null;

  async function retry() {
    if (await call("services.retry", { runId })) onSaid(t("retried"));
  }

  const preview =
    unfinished([service]).length === 0 ? undefined : isRepairable(service) ? "repair" : "provision";
  const retriable = state === "failed" && runId !== null && (!run || isRetriable(run));
  // A retry of a failed undo removes it; to provision it retains it.
  const isEither = run !== undefined && hasUndoFailed(service, [run]);
  if (!preview && !retriable) return null;
  return (
    <div className={styles.actions}>
      {retriable && (
        <button
          className="plain"
          type="button"
          aria-label={t("retryVendor", named)}
          aria-disabled={working}
          onClick={() => void retry()}
        >
          {t(working ? "working" : "retry")}
        </button>
      )}
      {preview && (!retriable || preview === "repair" || isEither) && (
        <button
          className="plain"
          type="button"
          aria-label={t(`${preview}Vendor`, named)}
          onClick={() => onPreview(t(`${preview}Vendor`, named))}
        >
          {t(preview)}
        </button>
      )}
      {failed && <ServiceProblem outcome={failed} onRetry={() => void retry()} />}
    </div>
  );
}
