import { vendorNames } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { useTranslations } from "next-intl";
import styles from "./checklist.module.css";

type Props = { tenantId: string; service: Service; now: number; writable: boolean };

/** Lists what a person has to do at the vendor before the service works. Who may write ticks it, without a script. */
export function Checklist({ tenantId, service: { vendor, checklist }, now, writable }: Props) {
  const t = useTranslations("provisioning.checklist");
  const left = checklist.filter(({ done_at }) => done_at === null).length;
  return (
    <details className={styles.checklist} open={left > 0}>
      <summary>{left > 0 ? t("left", { count: left }) : t("done")}</summary>
      <ul aria-label={t("title", { vendor: vendorNames[vendor] })}>
        {checklist.map(({ item, done_at: at }) => (
          <li key={item}>
            {writable ? (
              <form action="/api/services/checks" method="post">
                <input type="hidden" name="tenant" value={tenantId} />
                <input type="hidden" name="service" value={vendor} />
                <input type="hidden" name="item" value={item} />
                <input type="hidden" name="done" value={String(at === null)} />
                <button className={styles.item} type="submit" aria-pressed={at !== null}>
                  {t(`item.${item}`)}
                </button>
              </form>
            ) : (
              <span className={styles.item} data-done={at !== null}>
                {t(`item.${item}`)}
                <span className="visually-hidden"> {t(at === null ? "open" : "ticked")}</span>
              </span>
            )}
            {at && (
              <span className={styles.when}>
                <RelativeTime at={at} now={now} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
