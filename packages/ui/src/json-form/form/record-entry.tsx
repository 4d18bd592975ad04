"use client";

import { ActionIcon, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { visibleText } from "../../visible-text.ts";
import { renameKey } from "../edit-text.ts";
import { parseArguments } from "../parse-arguments.ts";
import { type Path, valueAt } from "../path.ts";
import type { Schema } from "../schema.ts";
import { Field } from "./field.tsx";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";

type Props = {
  schema: Schema;
  /** Of the object that it is in. */
  path: Path;
  name: string;
  value: unknown;
  renamable: boolean;
  remove: () => void;
};

/** A key that no property of the schema names, with its value. */
export function RecordEntry({ schema, path, name, value, renamable, remove }: Props) {
  const t = useTranslations("jsonForm");
  const drop = (
    <ActionIcon
      className={styles.drop}
      variant="subtle"
      color="gray"
      aria-label={t("remove", { name: visibleText(name) })}
      onClick={remove}
    >
      <IconX size={16} stroke={1.5} aria-hidden />
    </ActionIcon>
  );
  return (
    <div className={styles.entry}>
      {renamable && (
        <div className={styles.head}>
          <KeyInput path={path} name={name} />
          {drop}
        </div>
      )}
      <div className={renamable && typeof value === "object" && value !== null ? styles.wide : styles.value}>
        <Field
          schema={schema}
          path={[...path, name]}
          value={value}
          name={name}
          named
          required={false}
          clear={undefined}
          bare={renamable}
        />
      </div>
      {!renamable && drop}
    </div>
  );
}

/** Renames a key when it is left: while it is typed it may pass through the name of another one. */
function KeyInput({ path, name }: { path: Path; name: string }) {
  const t = useTranslations("jsonForm");
  const { edit } = useForm();
  const [typed, setTyped] = useState<string>();
  const [refused, setRefused] = useState(false);

  function onBlur() {
    if (typed === undefined) return;
    setTyped(undefined);
    if (typed === "" || typed === name) return;
    edit((text) => {
      const parsed = parseArguments(text);
      const object = parsed.ok ? valueAt(parsed.value, path) : undefined;
      const taken = typeof object === "object" && object !== null && Object.hasOwn(object, typed);
      setRefused(taken);
      return taken ? text : renameKey(text, path, name, typed);
    });
  }

  return (
    <TextInput
      className={styles.key}
      aria-label={t("keyOf", { name: visibleText(name) })}
      value={typed ?? name}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      error={refused ? t("keyTaken") : undefined}
      onBlur={onBlur}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
