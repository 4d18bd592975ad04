import type { HealthTimeline } from "@smarteros/observability";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./health-page.module.css";

/** The incidents of the range, the latest first. */
export function Incidents({ incidents }: { incidents: HealthTimeline["incidents"] }) {
  const t = useTranslations("healthPage");
  const format = useFormatter();
  const time = (at: string) => <time dateTime={at}>{format.dateTime(new Date(at), "minute")}</time>;
  return (
    <section aria-labelledby="incidents" className={styles.section}>
      <h2 id="incidents">{t("incidents")}</h2>
      {incidents.length === 0 ? (
        <p>{t("noIncidents")}</p>
      ) : (
        <ul className={styles.list} aria-labelledby="incidents">
          {incidents.map(({ id, service, from, to, failures, reason }) => (
            <li key={id}>
              <strong>{service}</strong>{" "}
              <span>
                {time(from)} – {to ? time(to) : <b>{t("lasts")}</b>}
              </span>{" "}
              <span>
                <code>{reason}</code> · {t("failures", { count: failures })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
