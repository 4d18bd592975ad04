import type { ServiceFlags } from "@smarteros/tools-tenants";
import { useTranslations } from "next-intl";
import { Status } from "../shell/status.tsx";
import { serviceFlags } from "./service-flags.ts";
import styles from "./tenants.module.css";

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
