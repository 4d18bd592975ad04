import type { Run } from "@smarteros/tools-fastapi/provisioning-log";
import Link from "next/link";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { runsAddress } from "./run-filters.ts";
import { RunRow } from "./run-row.tsx";

type Props = { tenantId: string; runs: Run[]; viewer: string; now: number; writable: boolean };

/** Lists the newest runs of a tenant; open runs are expanded. */
export function LatestRuns({ tenantId, runs, viewer, now, writable }: Props) {
  const t = useTranslations("provisioning.runs");
  return (
    <div className={styles.latest}>
      <h3 id="runs">{t("title")}</h3>
      {runs.length === 0 ? (
        <p>{t("none")}</p>
      ) : (
        <>
          <ul className={styles.runs} aria-labelledby="runs">
            {runs.map((run) => (
              <li key={run.id}>
                <RunRow run={run} viewer={viewer} now={now} writable={writable} />
              </li>
            ))}
          </ul>
          <p>
            <Link href={runsAddress({ tenant: tenantId })} prefetch={false}>
              {t("allOfTenant")}
            </Link>
          </p>
        </>
      )}
    </div>
  );
}
