"use client";

import { NativeSelect } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { visibleText } from "../../visible-text.ts";
import type { FieldProps } from "../field-props.ts";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";
import { FieldName, useField } from "./use-field.tsx";

/** One of a few values, or none where it may be left out. A value that is not of them stays, and is shown. */
export function ChoiceField({ values, ...props }: FieldProps & { values: unknown[] }) {
  const form = useForm();
  const unset = useUnsetLabel(props);
  const { hint, ...field } = useField(props);
  const written = JSON.stringify(props.value);
  const known = values.findIndex((value) => JSON.stringify(value) === written);
  const options = values.map((value, index) => ({ value: String(index), label: labelOf(value) }));
  if (props.value !== undefined && known < 0)
    options.push({ value: "other", label: visibleText(written.slice(0, 80)) });
  if (props.value === undefined || props.clear) options.unshift({ value: "", label: unset });
  const chosen = known < 0 ? "other" : String(known);
  return (
    <div>
      <NativeSelect
        {...field}
        data={options}
        value={props.value === undefined ? "" : chosen}
        onChange={(event) => {
          const index = event.currentTarget.value;
          if (index === "") props.clear?.();
          else if (index !== "other") form.set(props.path, values[Number(index)]);
        }}
      />
      {hint}
    </div>
  );
}

/** Yes, no, or unset, which differs from no. */
export function FlagField(props: FieldProps) {
  const t = useTranslations("jsonForm");
  const form = useForm();
  const unset = useUnsetLabel(props);
  const id = useId();
  const { description, error, onBlur, withAsterisk, "data-path": path } = useField(props);
  const answers = [
    ...(props.clear && !props.required ? [{ answer: undefined, words: unset }] : []),
    { answer: true, words: t("yes") },
    { answer: false, words: t("no") },
  ];
  return (
    <div
      className={styles.flag}
      role="radiogroup"
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-description ${id}-error`}
      aria-required={props.required || undefined}
      data-path={path}
      onBlur={onBlur}
    >
      <div>
        <div id={`${id}-label`} className={props.bare ? styles.hidden : undefined}>
          <FieldName {...props} />
          {withAsterisk && (
            <span className={styles.asterisk} aria-hidden>
              {" *"}
            </span>
          )}
        </div>
        {description && (
          <div id={`${id}-description`} className={styles.description}>
            {description}
          </div>
        )}
      </div>
      <div className={styles.answers}>
        {answers.map(({ answer, words }) => (
          <label key={String(answer)}>
            <input
              type="radio"
              name={id}
              checked={props.value === answer}
              onChange={() => (answer === undefined ? props.clear?.() : form.set(props.path, answer))}
            />
            {words}
          </label>
        ))}
      </div>
      {error && (
        <div id={`${id}-error`} className={styles.error}>
          {error}
        </div>
      )}
    </div>
  );
}

/** The one value null, or nothing. */
export function NullField(props: FieldProps) {
  return <ChoiceField {...props} values={[null]} />;
}

function useUnsetLabel({ schema, required }: FieldProps) {
  const t = useTranslations("jsonForm");
  if (schema.default === undefined) return required ? t("choose") : t("unset");
  const { default: value } = schema;
  if (typeof value === "boolean") return t("default", { value: value ? t("yes") : t("no") });
  return t("default", { value: labelOf(value) });
}

const labelOf = (value: unknown) =>
  visibleText(typeof value === "string" && value !== "" ? value : JSON.stringify(value));
