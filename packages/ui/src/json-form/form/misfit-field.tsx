"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { visibleText } from "../../visible-text.ts";
import type { FieldProps } from "../field-props.ts";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";
import { Group } from "./group.tsx";

const mostCharacters = 400;

/** Shows a value that no field of its schema can edit, such as a list in place of a text, and leaves it unchanged. */
export function MisfitField(props: FieldProps) {
  const t = useTranslations("jsonForm");
  const { showJson } = useForm();
  const whole = JSON.stringify(props.value, null, 2);
  return (
    <Group {...props} removable={false} inner={[]}>
      <p className={styles.description}>{t("misfit")}</p>
      <pre className={styles.misfit}>
        {visibleText(whole.slice(0, mostCharacters))}
        {whole.length > mostCharacters && "…"}
      </pre>
      <div className={styles.actions}>
        <Button variant="default" size="xs" onClick={showJson}>
          {t("showJson")}
        </Button>
        {props.clear && (
          <Button variant="default" size="xs" onClick={props.clear}>
            {t("removeValue")}
          </Button>
        )}
      </div>
    </Group>
  );
}
