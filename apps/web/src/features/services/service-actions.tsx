"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { isHeld, isRepairable, unfinished } from "../live/state-kinds.ts";
import { useCall } from "../live/use-call.ts";

type Props = {
  service: Service;
  /** Opens the preview of provisioning it, under this title. */
  onPreview(title: string): void;
  onSaid(text: string): void;
};

/** Offers the actions of one service: retry a failed step, repair drift, provision a wanted service. */
export function ServiceActions({ service, onPreview, onSaid }: Props) {
  const t = useTranslations("provisioning");
  const { call, working, failed } = useCall();
  const { state, run_id: run, vendor } = service;
  const named = { vendor: vendorNames[vendor] };
  if (isOpen(service) || isHeld(service)) return null;

  async function retry() {
    if (await call("services.retry", { runId: run })) onSaid(t("retried"));
  }

  const preview =
    unfinished([service]).length === 0 ? undefined : isRepairable(service) ? "repair" : "provision";
  const retriable = state === "failed" && run !== null;
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
      {preview && !(retriable && preview === "provision") && (
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
