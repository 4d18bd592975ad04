"use client";

import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { visibleText } from "../../visible-text.ts";
import type { Path } from "../path.ts";
import type { Schema } from "../schema.ts";
import { startValue } from "../start-value.ts";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";

type Props = { schema: Schema; path: Path; value: Record<string, unknown> };

/** Adds a key to a record by its button only; Enter in the field must not. */
export function NewKey({ schema, path, value }: Props) {
  const t = useTranslations("jsonForm");
  const { root, set } = useForm();
  const [key, setKey] = useState("");
  const [error, setError] = useState<"keyTaken" | "keyMissing">();

  function add() {
    const refused = key === "" ? "keyMissing" : Object.hasOwn(value, key) ? "keyTaken" : undefined;
    setError(refused);
    if (refused) return;
    set([...path, key], startValue(schema, root));
    setKey("");
  }

  return (
    <div className={styles.newKey}>
      <TextInput
        aria-label={t("newKey", { name: visibleText(String(path.at(-1) ?? t("label"))) })}
        placeholder={t("keyOf", { name: "" }).trim()}
        value={key}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        error={error && t(error)}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          setError(undefined);
        }}
      />
      <Button variant="default" leftSection={<IconPlus size={14} stroke={1.5} aria-hidden />} onClick={add}>
        {t("addKey")}
      </Button>
    </div>
  );
}
