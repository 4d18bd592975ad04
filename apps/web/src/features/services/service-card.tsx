import { flagOf, vendorNames } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { Name } from "@smarteros/ui/name.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Duplicates } from "../live/duplicates.tsx";
import { Failure } from "../live/failure.tsx";
import styles from "../live/provisioning.module.css";
import { appearanceOf } from "../live/state-kinds.ts";
import { Timing } from "../live/timing.tsx";

type Props = {
  service: Service;
  now: number;
  /** True where what a cancelled run created is still at the vendor. */
  undoFailed: boolean;
  /** The switch, or the name of what no one here may switch. */
  label: ReactNode;
  actions: ReactNode;
  /** What is left to do at the vendor. */
  checklist: ReactNode;
};

/** Shows one service of a tenant: its state at the vendor, its id there, and what blocks it. */
export function ServiceCard({ service, now, undoFailed, label, actions, checklist }: Props) {
  const t = useTranslations("provisioning");
  const tenants = useTranslations("tenants");
  const { vendor, state, drift, duplicates, seen_name: seen } = service;
  const { word, kind } = appearanceOf(service, undoFailed);
  const named = { vendor: vendorNames[vendor] };
  const told = ["held", "pending", "toEnable", "unwanted", "unsupported", "disabled", "undoFailed"] as const;
  const why = told.find((one) => one === word);
  return (
    <li className={styles.card} id={vendor} data-vendor={vendor} data-kind={kind}>
      <div>{label}</div>
      <div className={styles.standing}>
        <p className={styles.stepLine}>
          <Status kind={kind}>{t(`service.${word}`)}</Status>
          <Timing of={service} now={now} />
          {service.external_id && (
            <span className={styles.dim}>
              {tenants(`service.${flagOf[vendor]}.externalId`)}{" "}
              <code>
                <Name>{service.external_id}</Name>
              </code>
            </span>
          )}
          {service.url && (
            <a href={service.url} target="_blank" rel="noreferrer">
              {t("openAt", named)}
              <span className="visually-hidden"> {t("newTab")}</span>
            </a>
          )}
        </p>
        {why && <p>{t(`why.${why}`, named)}</p>}
        {(state === "failed" || state === "waiting") && word !== "held" && <Failure {...service} />}
        {drift && word !== "held" && !(drift === "duplicate" && duplicates.length > 0) && (
          <div className={styles.note}>
            <p>
              {t(`drift.${drift}`, named)} {t(`driftRemedy.${drift}`, named)}
            </p>
            {drift === "renamed" && seen && (
              <p>
                {t("seenName")} «<Name>{seen}</Name>»
              </p>
            )}
          </div>
        )}
        <Duplicates ids={duplicates} vendor={vendor} />
        {checklist}
        {actions}
      </div>
    </li>
  );
}
