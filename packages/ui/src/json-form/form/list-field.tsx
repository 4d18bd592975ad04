"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { removeItem, swapItems } from "../edit-text.ts";
import type { FieldProps } from "../field-props.ts";
import type { Schema } from "../schema.ts";
import type { Shape } from "../shape.ts";
import { startValue } from "../start-value.ts";
import { Field } from "./field.tsx";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";
import { Group } from "./group.tsx";
import { ItemActions } from "./item-actions.tsx";

const anything: Schema = {};

/** A list: items are added at its end, taken out, and moved among those that share a schema. */
export function ListField({ shape, ...props }: FieldProps & { shape: Shape & { kind: "list" } }) {
  const t = useTranslations("jsonForm");
  const { root, edit, set } = useForm();
  const { path, required } = props;
  const items: unknown[] = Array.isArray(props.value) ? props.value : [];
  const next = shape.first[items.length] ?? shape.items;
  const list = useRef<HTMLDivElement>(null);
  const focusNext = useRef<string[]>(undefined);

  useEffect(() => {
    const wanted = focusNext.current;
    focusNext.current = undefined;
    const found = wanted?.map((selector) => list.current?.querySelector<HTMLElement>(selector));
    found?.find((element) => element)?.focus();
  });

  function move(from: number, to: number) {
    const way = to < from ? "up" : "down";
    focusNext.current = [`[data-move="${way} ${to}"]`, `[data-item="${to}"] [data-move]`];
    edit((text) => swapItems(text, path, from, to));
  }

  function remove(index: number) {
    focusNext.current = [`[data-remove="${index}"]`, `[data-remove="${index - 1}"]`, "[data-add]"];
    edit((text) => removeItem(text, path, index));
  }

  function add() {
    if (!next) return;
    const inside = `[data-item="${items.length}"]`;
    focusNext.current = [`${inside} :is(input, textarea, select)`, `${inside} button`];
    set([...path, items.length], startValue(next, root));
  }

  return (
    <Group
      {...props}
      inner={items.map((_, index) => [...path, index])}
      removable={props.value !== undefined && !required}
    >
      <div className={styles.fields} ref={list}>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
          <div key={index} className={styles.entry} data-item={index}>
            <div className={styles.value}>
              <Field
                schema={shape.first[index] ?? shape.items ?? anything}
                path={[...path, index]}
                value={item}
                name={t("item", { position: index + 1 })}
                named={false}
                required={false}
                clear={undefined}
              />
            </div>
            <ItemActions
              index={index}
              up={index > shape.first.length}
              down={index >= shape.first.length && index < items.length - 1}
              onMove={move}
              onRemove={remove}
            />
          </div>
        ))}
        {next && (
          <Button
            className={styles.add}
            data-add
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} stroke={1.5} aria-hidden />}
            onClick={add}
          >
            {t("addItem")}
          </Button>
        )}
      </div>
    </Group>
  );
}
