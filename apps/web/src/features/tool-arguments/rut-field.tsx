"use client";

import { TextInput } from "@mantine/core";
import { formatRut } from "@smarteros/tools-tenants/rut";
import type { FieldProps } from "@smarteros/ui/json-form/field-props.ts";
import { useForm } from "@smarteros/ui/json-form/form/form-context.tsx";
import { useField } from "@smarteros/ui/json-form/form/use-field.tsx";

/** Edits a RUT: formats it on blur, never under the caret, and reports a wrong check digit. */
export function RutField(props: FieldProps) {
  const { set } = useForm();
  const { hint, onBlur, ...field } = useField(props);
  const value = typeof props.value === "string" ? props.value : "";
  return (
    <div>
      <TextInput
        {...field}
        value={value}
        placeholder="12.345.678-5"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        onBlur={() => {
          const formatted = formatRut(value);
          if (formatted !== value) set(props.path, formatted);
          onBlur();
        }}
        onChange={(event) => {
          const { value: typed } = event.currentTarget;
          if (typed === "" && props.clear) props.clear();
          else set(props.path, typed);
        }}
      />
      {hint}
    </div>
  );
}
