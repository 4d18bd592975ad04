import type { HealthTimeline } from "@smarteros/observability";
import filter from "@smarteros/ui/filter-form.module.css";
import { isoToZonedTime } from "@smarteros/ui/zoned-time.ts";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./health-page.module.css";
import type { Range } from "./range.ts";

const endpoint = "/api/health/windows";

type Props = { timeline: HealthTimeline; isAdmin: boolean; timeZone: string; range: Range; now: number };

/** The maintenance windows of the range and of the days to come; an administrator announces and ends them. */
export function Maintenance({ timeline: { windows, services }, isAdmin, timeZone, range, now }: Props) {
  const t = useTranslations("healthPage");
  const format = useFormatter();
  const time = (at: string) => <time dateTime={at}>{format.dateTime(new Date(at), "minute")}</time>;
  const clock = (at: number) => isoToZonedTime(new Date(at).toISOString(), timeZone).slice(0, 16);
  return (
    <section aria-labelledby="maintenance" className={styles.section}>
      <h2 id="maintenance">{t("maintenance")}</h2>
      <p>{t("maintenanceLead")}</p>
      {windows.length === 0 ? (
        <p>{t("noWindows")}</p>
      ) : (
        <ul className={styles.list} aria-labelledby="maintenance">
          {windows.map(({ id, service, from, to, reason }) => (
            <li key={id}>
              <strong>{service ?? t("allServices")}</strong>{" "}
              <span>
                {time(from)} – {time(to)}
              </span>{" "}
              <span>{reason}</span>
              {isAdmin && Date.parse(to) > now && (
                <form action={endpoint} method="post">
                  <input type="hidden" name="action" value="end" />
                  <input type="hidden" name="id" value={id} />
                  <input type="hidden" name="range" value={range} />
                  <button className="plain" type="submit">
                    {t(Date.parse(from) > now ? "callOff" : "endNow")}
                    <span className={styles.unseen}>: {reason}</span>
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {isAdmin && (
        <form
          className={`${filter.search} ${styles.form}`}
          action={endpoint}
          method="post"
          aria-label={t("newWindow")}
        >
          <h3>{t("newWindow")}</h3>
          <input type="hidden" name="action" value="create" />
          <input type="hidden" name="zone" value={timeZone} />
          <input type="hidden" name="range" value={range} />
          <label>
            {t("service")}
            <select name="service" defaultValue="">
              <option value="">{t("allServices")}</option>
              {services
                .map(({ service }) => service)
                .toSorted()
                .map((service) => (
                  <option key={service}>{service}</option>
                ))}
            </select>
          </label>
          <label>
            {t("from")}
            <input name="from" type="datetime-local" required defaultValue={clock(now)} />
          </label>
          <label>
            {t("to")}
            <input name="to" type="datetime-local" required defaultValue={clock(now + 3_600_000)} />
          </label>
          <label>
            {t("reason")}
            <input name="reason" required maxLength={500} autoComplete="off" />
          </label>
          <button className="button" type="submit">
            {t("create")}
          </button>
        </form>
      )}
    </section>
  );
}
