"use client";

import { TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { FieldProps } from "../field-props.ts";
import { useForm } from "./form-context.tsx";
import { placeholderOf } from "./text-field.tsx";
import { useField } from "./use-field.tsx";

/** Edits a number as text. Text that is no number stays in the arguments as typed, and is reported. */
export function NumberField({ whole, ...props }: FieldProps & { whole: boolean }) {
  const t = useTranslations("jsonForm");
  const form = useForm();
  const { hint, onBlur, ...field } = useField(props);
  // While it is typed, "1.0" is not to become "1" under the caret.
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && read(typed, whole) === props.value ? typed : written(props.value);

  function change(text: string) {
    setTyped(text);
    if (text.trim() === "" && props.clear) props.clear();
    else form.set(props.path, read(text, whole));
  }

  return (
    <div>
      <TextInput
        {...field}
        value={shown}
        placeholder={placeholderOf(props, t)}
        inputMode={whole ? "numeric" : "decimal"}
        autoComplete="off"
        onBlur={() => {
          setTyped(undefined);
          onBlur();
        }}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {hint}
    </div>
  );
}

const written = (value: unknown) => (value === undefined ? "" : String(value));

/** Parses a number with point or comma. Returns the text itself where it is no number or loses precision. */
function read(text: string, whole: boolean): number | string {
  const trimmed = text.trim();
  const form = whole ? /^-?\d+$/ : /^-?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?$/;
  if (!form.test(trimmed)) return text;
  const number = Number(trimmed.replace(",", "."));
  const exact = /^-?\d+$/.test(trimmed) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return exact ? number : text;
}
