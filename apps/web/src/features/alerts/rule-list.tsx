import type { ShownRule } from "@smarteros/alerts";
import { Name } from "@smarteros/ui/name.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./alerts.module.css";
import { Change, Confirmed } from "./change.tsx";

type Props = { rules: ShownRule[]; canChange: boolean; now: number };

const mutes = ["1h", "8h", "24h", "7d"] as const;

/** Every rule in force, those of the console and those of the monitor's file. */
export function RuleList({ rules, canChange }: Props) {
  const t = useTranslations("alerts");
  return (
    <section className={styles.section} aria-label={t("rules")}>
      <h2>{t("rules")}</h2>
      <ul className={styles.list}>
        {rules.map((shown) => (
          <li key={shown.rule.id}>
            <RuleLine {...shown} />
            {canChange && <RuleActions {...shown} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RuleLine({ rule, isStored, mutedUntil }: ShownRule) {
  const t = useTranslations("alerts");
  const format = useFormatter();
  return (
    <div className={styles.line}>
      <Status kind={rule.enabled ? "ok" : "none"}>{t(rule.enabled ? "enabled" : "disabled")}</Status>
      <strong>
        <Name>{rule.name ?? rule.id}</Name>
      </strong>
      {rule.name && (
        <code>
          <Name>{rule.id}</Name>
        </code>
      )}
      <span>{t(`kindIs.${rule.kind}`)}</span>
      <span className={styles.dim}>{t(isStored ? "ofConsole" : "ofMonitor")}</span>
      {mutedUntil && (
        <Status kind="warning">
          {t("mutedUntil", { at: format.dateTime(new Date(mutedUntil), "minute") })}
        </Status>
      )}
    </div>
  );
}

function RuleActions({ rule: { id }, isStored, mutedUntil }: ShownRule) {
  const t = useTranslations("alerts");
  return (
    <div className={styles.actions}>
      <Link className="plain" href={`/dashboard/alerts?edit=${id}#rule`} prefetch={false}>
        {t("edit")} <span className="visually-hidden">{id}</span>
      </Link>
      {mutedUntil ? (
        <Change action="mute-rule" values={{ id, for: "none" }} label={t("unmute")} about={id} />
      ) : (
        <form className={styles.inline} action="/api/alerts" method="post">
          <input type="hidden" name="action" value="mute-rule" />
          <input type="hidden" name="id" value={id} />
          <select name="for" aria-label={t("muteFor", { rule: id })}>
            {mutes.map((mute) => (
              <option key={mute} value={mute}>
                {t(`mute.${mute}`)}
              </option>
            ))}
          </select>
          <button className="plain" type="submit">
            {t("muteNow")} <span className="visually-hidden">{id}</span>
          </button>
        </form>
      )}
      {isStored && <Confirmed action="delete-rule" values={{ id }} label={t("delete")} about={id} />}
    </div>
  );
}
