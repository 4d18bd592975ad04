"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { invisibleIn, visibleText } from "../../visible-text.ts";
import type { FieldProps } from "../field-props.ts";
import { ComplaintTexts } from "./complaints.tsx";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";

/** Returns the props that every input shares: label, description, complaints, and revealing them on blur. */
export function useField({ schema, path, value, name, named, required, bare }: FieldProps) {
  const form = useForm();
  const complaints = form.complaintsAt(path);
  const { description } = schema;
  return {
    label: bare ? undefined : <FieldName name={name} named={named} />,
    "aria-label": bare ? visibleText(name) : undefined,
    withAsterisk: required && !bare,
    "aria-required": required || undefined,
    "data-path": path.join("."),
    description: typeof description === "string" ? <span lang="en">{description}</span> : undefined,
    error: complaints.length > 0 ? <ComplaintTexts complaints={complaints} path={path} /> : undefined,
    onBlur: () => form.reveal(path),
    inputWrapperOrder: ["label", "description", "input", "error"] as (
      | "label"
      | "description"
      | "input"
      | "error"
    )[],
    hint: <UnseenHint value={value} />,
  };
}

/** A name that may come from data: as code, apart from the text around it. */
export function FieldName({ name, named }: { name: string; named: boolean }): ReactNode {
  return named ? <bdi className={styles.name}>{visibleText(name)}</bdi> : name;
}

/** Names the invisible characters of a text. */
function UnseenHint({ value }: { value: unknown }) {
  const t = useTranslations("jsonForm");
  const unseen = typeof value === "string" ? invisibleIn(value) : [];
  if (unseen.length === 0) return null;
  return <p className={styles.hint}>{t("hidden", { characters: unseen.join(", ") })}</p>;
}
