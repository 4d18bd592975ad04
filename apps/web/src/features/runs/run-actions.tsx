"use client";

import { useMounted } from "@mantine/hooks";
import type { Run } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { useTranslations } from "next-intl";
import { useState } from "react";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { isRetriable } from "../live/state-kinds.ts";
import { useCall } from "../live/use-call.ts";
import { CancelDialog } from "./cancel-dialog.tsx";

/** Offers the actions of a run: retry what failed of it, also of undoing it, or cancel it while it is open. */
export function RunActions({ run }: { run: Run }) {
  const t = useTranslations("provisioning");
  const { call, working, failed } = useCall();
  const [asked, setAsked] = useState(false);
  const [said, setSaid] = useState("");
  const ready = useMounted();
  const ending = isOpen(run) && run.cancelled_at !== null;

  async function retry() {
    setSaid("");
    if (await call("services.retry", { runId: run.id })) setSaid(t("retried"));
  }

  return (
    <div className={styles.actions}>
      {isRetriable(run) && (
        <button
          className="plain"
          type="button"
          disabled={!ready}
          aria-disabled={working}
          onClick={() => void retry()}
        >
          {t(working ? "working" : "retry")}
        </button>
      )}
      {isOpen(run) && !ending && (
        <button className="plain" type="button" disabled={!ready} onClick={() => setAsked(true)}>
          {t("cancel.open")}
        </button>
      )}
      {ending && <span className={styles.dim}>{t("cancel.ending")}</span>}
      <span className="visually-hidden" role="status">
        {said}
      </span>
      {failed && <ServiceProblem outcome={failed} onRetry={() => void retry()} />}
      {asked && (
        <CancelDialog
          run={run}
          onClose={() => setAsked(false)}
          onDone={() => {
            setAsked(false);
            setSaid(t("cancel.done"));
          }}
        />
      )}
    </div>
  );
}
