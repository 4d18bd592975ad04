import { vendorNames } from "@smarteros/connectors/vendors";
import { Name } from "@smarteros/ui/name.tsx";
import { Status, type StatusKind } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import { Duplicates } from "../live/duplicates.tsx";
import { Failure } from "../live/failure.tsx";
import styles from "../live/provisioning.module.css";
import type { PlannedStep } from "./plan.ts";

const kinds: Record<PlannedStep["outcome"], StatusKind> = {
  none: "ok",
  create: "pending",
  complete: "pending",
  enable: "pending",
  blocked: "down",
};

/** Lists the planned changes at each vendor, and what blocks them. */
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
          {error && (
            <Failure
              vendor={service}
              error_kind={error.kind}
              error_message={error.message}
              remedy={error.remedy}
            />
          )}
          <Duplicates ids={duplicates} vendor={service} />
        </li>
      ))}
    </ul>
  );
}
