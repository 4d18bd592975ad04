"use client";

import { NativeSelect } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { visibleText } from "../../visible-text.ts";
import type { FieldProps } from "../field-props.ts";
import { pickOption } from "../pick-option.ts";
import type { Schema } from "../schema.ts";
import { fits, shapeOf } from "../shape.ts";
import { converted } from "../start-value.ts";
import { Field } from "./field.tsx";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";
import { Group } from "./group.tsx";
import { MisfitField } from "./misfit-field.tsx";
import { optionLabels } from "./option-labels.ts";

// What fits on a line with the choice of its kind.
const plain = new Set(["text", "number", "flag", "null", "choice"]);

/** A value of one of several kinds. Another kind takes over what fits of it; going back brings back what there was. */
export function AlternativesField({ options, ...props }: FieldProps & { options: Schema[] }) {
  const t = useTranslations("jsonForm");
  const { root, set, generation } = useForm();
  const { path, value, name } = props;
  const [chosen, setChosen] = useState<{ index: number; generation: number }>();
  const left = useRef(new Map<number, unknown>());
  const current = optionOf();
  const option = options[current ?? -1];

  /** Returns the option that the user chose while it can show the value; else the option that fits the value best. */
  function optionOf(): number | undefined {
    const own = chosen && chosen.generation === generation ? options[chosen.index] : undefined;
    if (own && fits(shapeOf(own, root), value)) return chosen?.index;
    return value === undefined ? 0 : pickOption(options, root, value);
  }

  function choose(index: number) {
    const next = options[index];
    if (!next) return;
    if (current !== undefined) left.current.set(current, value);
    setChosen({ index, generation });
    const shape = shapeOf(next, root);
    const only = shape.kind === "null" || (shape.kind === "choice" && shape.values.length === 1);
    if (value === undefined && !only) return;
    const before = left.current.get(index);
    set(path, before === undefined ? converted(value, next, root) : before);
  }

  if (!option) return <MisfitField {...props} />;
  return (
    <Group {...props} inner={[path]} removable={value !== undefined && !props.required}>
      <div className={plain.has(shapeOf(option, root).kind) ? styles.variant : styles.fields}>
        <NativeSelect
          aria-label={t("kindOf", { name: visibleText(name) })}
          data={optionLabels(options, root, (type) => t(`option.${type}`)).map((label, index) => ({
            value: String(index),
            label,
          }))}
          value={String(current)}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        />
        <Field key={current} {...props} schema={option} bare />
      </div>
    </Group>
  );
}
