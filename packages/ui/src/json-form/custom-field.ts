import type { ComponentType } from "react";
import type { FieldProps } from "./field-props.ts";
import type { Schema } from "./schema.ts";

/** A field that the host of the form brings for texts it knows; decides by the name and the schema of the property. */
export type CustomField = {
  applies: (name: string, schema: Schema) => boolean;
  Field: ComponentType<FieldProps>;
  /** Values that the JSON view offers there, each with a label to find it by. */
  completions?: readonly { value: string; label: string }[];
};

/** Returns the field of the host for a property; undefined where the form's own one fits. */
export function customFieldFor(
  fields: readonly CustomField[],
  name: string | number | undefined,
  schema: Schema,
): CustomField | undefined {
  return fields.find((field) => field.applies(String(name), schema));
}
