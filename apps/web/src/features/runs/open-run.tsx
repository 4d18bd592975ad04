import type { Run } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { Duration } from "@smarteros/ui/duration.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { RequestedBy } from "../live/requested-by.tsx";
import { runKinds } from "../live/state-kinds.ts";
import { RunActions } from "./run-actions.tsx";

type Props = { run: Run; viewer: string; now: number; writable: boolean };

/** A run that is open, in a line above what it works on: how far it is, and the way to end it. */
export function OpenRun({ run, viewer, now, writable }: Props) {
  const t = useTranslations("provisioning");
  const over = run.provision_steps.filter((step) => !isOpen(step)).length;
  return (
    <div className={styles.going}>
      <p className={styles.stepLine}>
        <Status kind={runKinds[run.state]}>{t(`run.${run.state}`)}</Status>
        <span className={styles.number}>{t("runs.progress", { over, all: run.provision_steps.length })}</span>
        <span className={styles.number}>
          <Duration from={Date.parse(run.started_at ?? run.created_at)} to={now} />
        </span>
        <span className={styles.dim}>
          <RequestedBy run={run} viewer={viewer} />
        </span>
      </p>
      {writable && <RunActions run={run} />}
    </div>
  );
}
