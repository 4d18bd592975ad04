"use client";

import type { Snapshot } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { CopyIcon } from "@smarteros/ui/copy-button.tsx";
import { Duration } from "@smarteros/ui/duration.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { useNow } from "@smarteros/ui/use-now.ts";
import { useFormatter, useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { RequestedBy } from "../live/requested-by.tsx";
import { Staleness } from "../live/staleness.tsx";
import { runKinds } from "../live/state-kinds.ts";
import { useLive } from "../live/use-live.ts";
import { RunActions } from "./run-actions.tsx";
import { RunSteps } from "./run-steps.tsx";

type Props = { id: string; initial: Snapshot; viewer: string; written: number; writable: boolean };

/** Shows the current state of a run, with its actions. */
export function LiveRun({ id, initial, viewer, written, writable }: Props) {
  const t = useTranslations("provisioning");
  const format = useFormatter();
  const { snapshot, connection, readAt } = useLive({ kind: "run", id }, initial, written);
  const [run] = snapshot.runs;
  const now = useNow(written, connection === "stale" || (run !== undefined && isOpen(run)));
  if (!run) return null;
  const { created_at: created, started_at: started, finished_at: finished } = run;
  const over = run.provision_steps.filter((step) => !isOpen(step)).length;
  return (
    <>
      <p className={styles.stepLine}>
        <Status kind={runKinds[run.state]}>{t(`run.${run.state}`)}</Status>
        {isOpen(run) && (
          <span className={styles.number}>
            {t("runs.progress", { over, all: run.provision_steps.length })}
          </span>
        )}
        {started && (
          <span className={styles.number}>
            <Duration from={Date.parse(started)} to={finished ? Date.parse(finished) : now} />
          </span>
        )}
        <span className={styles.dim}>
          <RequestedBy run={run} viewer={viewer} />
        </span>
        <time className={styles.dim} dateTime={created}>
          {format.dateTime(new Date(created), "second")}
        </time>
      </p>
      <p className="visually-hidden" role="status">
        {t(`run.${run.state}`)}
      </p>
      <Staleness connection={connection} readAt={readAt} now={now} />
      <RunSteps steps={run.provision_steps} now={now} />
      {writable && <RunActions run={run} />}
      <p className={styles.dim}>
        {t("runs.id")} <code>{run.id}</code> <CopyIcon text={run.id} label={t("runs.copyId")} />
      </p>
    </>
  );
}
