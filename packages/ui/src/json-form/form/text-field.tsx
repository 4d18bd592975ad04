"use client";

import { Textarea, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type ClipboardEvent, useState } from "react";
import type { FieldProps } from "../field-props.ts";
import { useForm } from "./form-context.tsx";
import { useField } from "./use-field.tsx";

const keyboards = { email: "email", uri: "url" } as const;

/** A text. One with line breaks gets more than a line: an input would drop them. */
export function TextField(props: FieldProps) {
  const t = useTranslations("jsonForm");
  const form = useForm();
  const { hint, ...field } = useField(props);
  const value = typeof props.value === "string" ? props.value : "";
  const [pasted, setPasted] = useState(false);
  const [manyLines, setManyLines] = useState(false);
  if (!manyLines && /[\n\r]/.test(value)) setManyLines(true);

  function change(text: string) {
    if (text === "" && props.clear) props.clear();
    else form.set(props.path, text);
  }

  function onPaste(event: ClipboardEvent<HTMLInputElement>) {
    const text = event.clipboardData.getData("text");
    const { selectionStart, selectionEnd } = event.currentTarget;
    if (!/[\n\r]/.test(text) || selectionStart === null || selectionEnd === null) return;
    event.preventDefault();
    setPasted(true);
    change(value.slice(0, selectionStart) + text + value.slice(selectionEnd));
  }

  const shared = {
    ...field,
    value,
    placeholder: placeholderOf(props, t),
    autoComplete: "off",
    autoCapitalize: "off",
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
  };
  if (manyLines)
    return (
      <div>
        <Textarea {...shared} rows={4} autoFocus={pasted} />
        <small>{t("lineBreaks")}</small>
        {hint}
      </div>
    );
  const inputMode = keyboards[props.schema.format as keyof typeof keyboards];
  return (
    <div>
      <TextInput {...shared} {...(inputMode ? { inputMode } : {})} onPaste={onPaste} />
      {hint}
    </div>
  );
}

/** Returns what an empty input means: an empty text, the default, or nothing. */
export function placeholderOf(
  { value, schema }: FieldProps,
  t: ReturnType<typeof useTranslations<"jsonForm">>,
) {
  if (value === "") return t("emptyText");
  if (schema.default === undefined) return undefined;
  return t("default", {
    value: typeof schema.default === "string" ? schema.default : JSON.stringify(schema.default),
  });
}
