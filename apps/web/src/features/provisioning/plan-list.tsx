import { useTranslations } from "next-intl";
import { Name } from "../shell/name.tsx";
import { Status, type StatusKind } from "../shell/status.tsx";
import { Duplicates } from "./duplicates.tsx";
import { Failure } from "./failure.tsx";
import type { PlannedStep } from "./plan.ts";
import styles from "./provisioning.module.css";
import { vendorNames } from "./vendor-names.ts";

const kinds: Record<PlannedStep["outcome"], StatusKind> = {
  none: "ok",
  create: "pending",
  complete: "pending",
  enable: "pending",
  blocked: "down",
};

/** What would be done at each vendor, and what stands in the way. */
export function PlanList({ plan }: { plan: PlannedStep[] }) {
  const t = useTranslations("provisioning");
  return (
    <ul className={styles.steps}>
      {plan.map(({ service, outcome, externalId, duplicates, drift, missingSettings, error }) => (
        <li key={service} data-vendor={service}>
          <div className={styles.stepLine}>
            <strong>{vendorNames[service]}</strong>
            <Status kind={kinds[outcome]}>{t(`outcome.${outcome}`)}</Status>
            {externalId && (
              <code>
                <Name>{externalId}</Name>
              </code>
            )}
          </div>
          {drift && <p>{t(`drift.${drift}`, { vendor: vendorNames[service] })}</p>}
          {missingSettings.length > 0 && (
            <p>
              {t("missingSettings", { count: missingSettings.length })}{" "}
              {missingSettings.map((name) => (
                <code key={name} className={styles.setting}>
                  <Name>{name}</Name>
                </code>
              ))}
            </p>
          )}
          {error && <Failure error_kind={error.kind} error_message={error.message} remedy={error.remedy} />}
          <Duplicates ids={duplicates} vendor={service} />
        </li>
      ))}
    </ul>
  );
}
