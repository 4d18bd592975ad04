import type { Run } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { Duration } from "@smarteros/ui/duration.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { IconChevronRight } from "@tabler/icons-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { RequestedBy } from "../live/requested-by.tsx";
import { isRetriable, runKinds } from "../live/state-kinds.ts";
import { RunActions } from "./run-actions.tsx";
import { RunSteps } from "./run-steps.tsx";
import { StepMarks } from "./step-marks.tsx";

type Props = {
  run: Run;
  viewer: string;
  now: number;
  writable: boolean;
  /** True where the row shows its tenant; a tenant's own page does not need it. */
  withTenant?: boolean;
};

/** One run in a line, which opens to its steps and to what may be done about it. */
export function RunRow({ run, viewer, now, writable, withTenant = false }: Props) {
  const t = useTranslations("provisioning");
  const format = useFormatter();
  const since = Date.parse(run.started_at ?? run.created_at);
  const until = run.finished_at ? Date.parse(run.finished_at) : now;
  return (
    <details className={styles.run}>
      <summary>
        <IconChevronRight size={16} stroke={1.5} aria-hidden />
        <Status kind={runKinds[run.state]}>{t(`run.${run.state}`)}</Status>
        {withTenant && (
          <strong className={styles.tenant}>
            <Name>{run.tenants.business_name}</Name>
          </strong>
        )}
        <StepMarks steps={run.provision_steps} />
        <span className={styles.dim}>
          <RequestedBy run={run} viewer={viewer} />
        </span>
        <RelativeTime at={run.created_at} now={now} />
        <span className={styles.number}>
          {run.state !== "queued" && <Duration from={since} to={until} />}
        </span>
      </summary>
      <div className={styles.opened}>
        <p className={styles.facts}>
          {withTenant && (
            <Link href={`/dashboard/tenants/${run.tenant_id}`} prefetch={false}>
              {t("runs.toTenant")}
            </Link>
          )}
          {withTenant && <span>RUT {formatRut(run.tenants.rut)}</span>}
          <time dateTime={run.created_at}>{format.dateTime(new Date(run.created_at), "second")}</time>
          <Link href={`/dashboard/runs/${run.id}`} prefetch={false}>
            {t("runs.open")}
          </Link>
        </p>
        <RunSteps steps={run.provision_steps} now={now} />
        {writable && (isOpen(run) || isRetriable(run)) && <RunActions run={run} />}
      </div>
    </details>
  );
}
