"use client";

import { customFieldFor } from "../custom-field.ts";
import type { FieldProps } from "../field-props.ts";
import { fits, shapeOf } from "../shape.ts";
import { AlternativesField } from "./alternatives-field.tsx";
import { ChoiceField, FlagField, NullField } from "./choice-field.tsx";
import { useForm } from "./form-context.tsx";
import { ListField } from "./list-field.tsx";
import { MisfitField } from "./misfit-field.tsx";
import { NumberField } from "./number-field.tsx";
import { ObjectField } from "./object-field.tsx";
import { TextField } from "./text-field.tsx";

/** Chooses the field for a value by its schema. */
export function Field(props: FieldProps) {
  const { root, fields } = useForm();
  const shape = shapeOf(props.schema, root);
  const field = { ...props, schema: shape.schema };
  if (!fits(shape, props.value)) return <MisfitField {...field} />;
  switch (shape.kind) {
    case "text": {
      const Custom = customFieldFor(fields, props.path.at(-1), shape.schema)?.Field ?? TextField;
      return <Custom {...field} />;
    }
    case "number":
      return <NumberField {...field} whole={shape.whole} />;
    case "flag":
      return <FlagField {...field} />;
    case "null":
      return <NullField {...field} />;
    case "choice":
      return <ChoiceField {...field} values={shape.values} />;
    case "object":
      return <ObjectField {...field} shape={shape} />;
    case "list":
      return <ListField {...field} shape={shape} />;
    case "alternatives":
      return <AlternativesField {...field} options={shape.options} />;
  }
}
