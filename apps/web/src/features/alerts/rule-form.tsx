import type { Alerts } from "@smarteros/alerts";
import { type NumberField, numberFields, ownFields, type RuleKind } from "@smarteros/alerts";
import field from "@smarteros/ui/field.module.css";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import styles from "./alerts.module.css";
import { useFieldName } from "./field-name.ts";

type Props = { draft: Draft; targets: Alerts["targets"] };

const noData = ["keep", "open", "close"] as const;

/** A rule as its form begins with it. */
export type Draft = { kind: RuleKind; values: Record<string, unknown>; isNew: boolean };

/** A rule of one kind, to be made or changed. */
export function RuleForm({ draft: { kind, values, isNew }, targets }: Props) {
  const t = useTranslations("alerts");
  const fieldName = useFieldName();
  const text = (name: string) => String(values[name] ?? "");
  const chosen = Array.isArray(values.targets) ? values.targets : [];
  const number = (name: NumberField) => (
    <Field key={name} label={fieldName(name)}>
      <input
        name={name}
        type="number"
        required
        min={numberFields[name][0]}
        max={numberFields[name][1]}
        step={name === "objective" ? "any" : 1}
        defaultValue={text(name)}
      />
    </Field>
  );
  return (
    <form className={`${styles.form} ${field.fields}`} action="/api/alerts" method="post">
      <input type="hidden" name="action" value="save-rule" />
      <input type="hidden" name="kind" value={kind} />
      <Field label={fieldName("id")}>
        <input
          name="id"
          required
          readOnly={!isNew}
          pattern="[a-z][a-z0-9\-]*"
          maxLength={64}
          title={t("idHint")}
          defaultValue={text("id")}
          autoComplete="off"
        />
      </Field>
      <Field label={fieldName("name")}>
        <input name="name" maxLength={120} defaultValue={text("name")} autoComplete="off" />
      </Field>
      {ownFields[kind].map((name) =>
        name === "tool" || name === "service" ? (
          <Field key={name} label={fieldName(name)}>
            <input
              name={name}
              maxLength={100}
              defaultValue={text(name)}
              placeholder={t("all")}
              autoComplete="off"
            />
          </Field>
        ) : (
          number(name)
        ),
      )}
      {(["openAfter", "closeAfter", "renotifyMinutes"] as const).map(number)}
      <Field label={fieldName("noData")}>
        <select name="noData" defaultValue={text("noData")}>
          {noData.map((choice) => (
            <option key={choice} value={choice}>
              {t(`noDataIs.${choice}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={fieldName("group")}>
        <input
          name="group"
          pattern="[a-z][a-z0-9\-]*"
          maxLength={64}
          title={t("idHint")}
          defaultValue={text("group")}
        />
      </Field>
      {targets.length > 0 && (
        <fieldset>
          <legend>{t("whom")}</legend>
          {targets.map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" name="targets" value={name} defaultChecked={chosen.includes(name)} />{" "}
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <label className={styles.check}>
        <input type="checkbox" name="enabled" defaultChecked={values.enabled !== false} /> {t("enabled")}
      </label>
      <button className="button" type="submit">
        {t("save")}
      </button>
    </form>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child.
    <label>
      {label}
      {children}
    </label>
  );
}
