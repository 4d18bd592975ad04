import type { Alerts } from "@smarteros/alerts";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import styles from "./alerts.module.css";

type Props = {
  title: string;
  empty: string;
  incidents: Alerts["open"];
  now: number;
  id?: string;
  /** Content below the list. */
  children?: ReactNode;
};

/** Incidents with what failed in each, and why. */
export function IncidentList({ title, empty, incidents, now, id: anchor, children }: Props) {
  const t = useTranslations("alerts");
  return (
    <section id={anchor} className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      {incidents.length === 0 && <p className={page.count}>{empty}</p>}
      {incidents.length > 0 && (
        <ul className={styles.list}>
          {incidents.map(({ id, alert_group, opened_at, closed_at, subjects }) => (
            <li key={id}>
              <div className={styles.line}>
                <Status kind={closed_at ? "ok" : "down"}>{t(closed_at ? "isClosed" : "isOpen")}</Status>
                <strong>
                  <Name>{alert_group}</Name>
                </strong>
                <span>
                  {t("since")} <RelativeTime at={opened_at} now={now} />
                </span>
                {closed_at && (
                  <span>
                    {t("until")} <RelativeTime at={closed_at} now={now} />
                  </span>
                )}
              </div>
              <ul className={styles.subjects}>
                {subjects.map(({ rule, subject, why }) => (
                  <li key={`${rule}:${subject}`}>
                    <code>
                      <Name>{subject}</Name>
                    </code>{" "}
                    <Name>{why}</Name>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      {children}
    </section>
  );
}
