import type { ServiceFlags } from "@smarteros/tools-tenants";
import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import styles from "./service-flag-list.module.css";
import { serviceFlags } from "./service-flags.ts";

/** Which of the five services a tenant has on, in little room. */
export function Flags({ enabled }: { enabled: ServiceFlags }) {
  const t = useTranslations("tenants");
  return (
    <ul className={styles.flags}>
      {serviceFlags.map((flag) => (
        <li key={flag}>
          <Status kind={enabled[flag] ? "ok" : "none"}>
            {t(`service.${flag}.name`)}
            <span className="visually-hidden"> {t(enabled[flag] ? "flag.on" : "flag.off")}</span>
          </Status>
        </li>
      ))}
    </ul>
  );
}
