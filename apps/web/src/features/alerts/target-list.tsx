import type { Alerts } from "@smarteros/alerts";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import styles from "./alerts.module.css";
import { Change, Confirmed } from "./change.tsx";
import { useChannelTitle } from "./field-name.ts";

/** Lists the targets of alerts. Their secrets are never shown again. */
export function TargetList({ targets, canChange }: { targets: Alerts["targets"]; canChange: boolean }) {
  const t = useTranslations("alerts");
  const channelTitle = useChannelTitle();
  return (
    <section className={styles.section} aria-label={t("targets")}>
      <h2>{t("targets")}</h2>
      {targets.length === 0 && <p className={page.count}>{t("noTargets")}</p>}
      {targets.length > 0 && (
        <ul className={styles.list}>
          {targets.map(({ id, name, kind, address }) => (
            <li key={id}>
              <div className={styles.line}>
                <strong>
                  <Name>{name}</Name>
                </strong>
                <span>{channelTitle(kind)}</span>
                <code>
                  <Name>{address}</Name>
                </code>
              </div>
              {canChange && (
                <div className={styles.actions}>
                  <Change action="test-target" values={{ id }} label={t("test")} about={name} />
                  <Confirmed action="remove-target" values={{ id }} label={t("remove")} about={name} />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
