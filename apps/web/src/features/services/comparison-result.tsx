import { type Vendor, vendorNames } from "@smarteros/connectors/vendors";
import type { DriftKind } from "@smarteros/tools-fastapi/provisioning-states";
import { Name } from "@smarteros/ui/name.tsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";

/** The result of `services.reconcile` for one tenant. */
export type Reconciliation = {
  compared: number;
  /** Services whose vendor did not respond. */
  unread: number;
  differences: {
    service: Vendor;
    kind: DriftKind;
    externalId: string | null;
    /** The run that repairs it. */
    runId: string | null;
  }[];
};

/** Shows how many services were compared, what differs, and for each difference its repair or the remedy. */
export function ComparisonResult({ result: { compared, unread, differences } }: { result: Reconciliation }) {
  const all = useTranslations("provisioning");
  const t = useTranslations("provisioning.compare");
  return (
    <>
      {compared + unread === 0 && <p>{t("nothing")}</p>}
      {compared > 0 && (
        <p>
          {t("compared", { count: compared })} {differences.length === 0 && t("same")}
        </p>
      )}
      {unread > 0 && <p className={styles.note}>{t("unread", { count: unread })}</p>}
      {differences.length > 0 && (
        <ul className={styles.steps}>
          {differences.map(({ service, kind, externalId, runId }) => (
            <li key={service}>
              <div className={styles.stepLine}>
                <strong>{vendorNames[service]}</strong>
                {externalId && (
                  <code>
                    <Name>{externalId}</Name>
                  </code>
                )}
              </div>
              <p>
                {all(`drift.${kind}`, { vendor: vendorNames[service] })}{" "}
                {runId ? (
                  <>
                    {t("repairing")}{" "}
                    <Link href={`/dashboard/runs/${runId}`} prefetch={false}>
                      {t("openRun")}
                    </Link>
                  </>
                ) : (
                  all(`driftRemedy.${kind}`, { vendor: vendorNames[service] })
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
