import { useTranslations } from "next-intl";
import styles from "./alerts.module.css";
import { useFieldName } from "./field-name.ts";
import type { SearchParams } from "./search-params.ts";

/** The fields of each kind of target, with the type of their inputs; what is secret is not shown while it is typed. */
const fields = {
  slack: { url: "password" },
  webhook: { url: "password", secret: "password" },
  email: { to: "email", from: "email", smtpUrl: "password" },
} as const;
const kinds = ["slack", "webhook", "email"] as const;

/** A form for each kind of target. What was refused comes back without its secrets. */
export function TargetEditor({ params }: { params: SearchParams }) {
  const t = useTranslations("alerts");
  const fieldName = useFieldName();
  const kept = (kind: string, name: string) =>
    params.problem && params.kind === kind ? String(params[name] ?? "") : "";
  return (
    <section className={styles.section} aria-label={t("newTarget")}>
      <h2>{t("newTarget")}</h2>
      {kinds.map((kind) => (
        <details key={kind} className={styles.editor} open={Boolean(params.problem) && params.kind === kind}>
          <summary className="plain">{t(`targetIs.${kind}`)}</summary>
          <form className={styles.form} action="/api/alerts" method="post">
            <input type="hidden" name="action" value="add-target" />
            <input type="hidden" name="kind" value={kind} />
            <label>
              {fieldName("name")}
              <input
                name="name"
                required
                maxLength={120}
                defaultValue={kept(kind, "name")}
                autoComplete="off"
              />
            </label>
            {Object.entries(fields[kind]).map(([name, type]) => (
              <label key={name}>
                {fieldName(name)}
                <input
                  name={name}
                  type={type}
                  required
                  maxLength={2000}
                  defaultValue={type === "password" ? "" : kept(kind, name)}
                  autoComplete="off"
                  spellCheck={false}
                />
              </label>
            ))}
            <p className={styles.hint}>{t(`hint.${kind}`)}</p>
            <button className="button" type="submit">
              {t("add")}
            </button>
          </form>
        </details>
      ))}
    </section>
  );
}
