import { flagOf } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";

/** A service's name, what it is for, and whether it is switched on, for who may not switch it. */
export function ServiceLabel({ service: { vendor, wanted } }: { service: Service }) {
  const t = useTranslations("tenants");
  const flag = flagOf[vendor];
  return (
    <div className={styles.label}>
      <span>
        {t(`service.${flag}.name`)} <span className={styles.dim}>{t(wanted ? "flag.on" : "flag.off")}</span>
      </span>
      <span className={styles.what}>{t(`service.${flag}.what`)}</span>
    </div>
  );
}
