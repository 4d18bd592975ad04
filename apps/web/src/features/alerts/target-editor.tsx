import { channels } from "@smarteros/alerts/channels";
import field from "@smarteros/ui/field.module.css";
import { useLocale, useTranslations } from "next-intl";
import type { SearchParams } from "../../components/search-params.ts";
import styles from "./alerts.module.css";
import { useFieldName } from "./field-name.ts";

/** A form for each channel. A refused one is filled in again, but for its secrets. */
export function TargetEditor({ params }: { params: SearchParams }) {
  const t = useTranslations("alerts");
  const fieldName = useFieldName();
  const locale = useLocale();
  const returned = (kind: string, name: string) =>
    params.problem && params.kind === kind ? String(params[name] ?? "") : "";
  return (
    <section className={styles.section} aria-label={t("newTarget")}>
      <h2>{t("newTarget")}</h2>
      {Object.entries(channels).map(([kind, { title, hint, fields }]) => (
        <details key={kind} className={styles.editor} open={Boolean(params.problem) && params.kind === kind}>
          <summary className="plain">{title[locale]}</summary>
          <form className={`${styles.form} ${field.fields}`} action="/api/alerts" method="post">
            <input type="hidden" name="action" value="add-target" />
            <input type="hidden" name="kind" value={kind} />
            <label>
              {fieldName("name")}
              <input
                name="name"
                required
                maxLength={120}
                defaultValue={returned(kind, "name")}
                autoComplete="off"
              />
            </label>
            {fields.map(({ name, type, label }) => (
              <label key={name}>
                {label[locale]}
                <input
                  name={name}
                  type={type}
                  required
                  maxLength={2000}
                  defaultValue={type === "password" ? "" : returned(kind, name)}
                  autoComplete="off"
                  spellCheck={false}
                />
              </label>
            ))}
            <p className={styles.hint}>{hint[locale]}</p>
            <button className="button" type="submit">
              {t("add")}
            </button>
          </form>
        </details>
      ))}
    </section>
  );
}
