"use client";

import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type FocusEvent, type ReactNode, useId } from "react";
import { visibleText } from "../../visible-text.ts";
import type { FieldProps } from "../field-props.ts";
import type { Path } from "../path.ts";
import { Complaints } from "./complaints.tsx";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";
import { FieldName } from "./use-field.tsx";

type Props = FieldProps & {
  /** Places inside that show their own problems. */
  inner: Path[];
  /** True where there is a value to remove. */
  removable: boolean;
  children: ReactNode;
};

/** A field that holds others: its name, what it is for, what is wrong with it as a whole, and the way to drop it. */
export function Group({
  schema,
  path,
  name,
  named,
  required,
  clear,
  inner,
  removable,
  children,
  bare,
}: Props) {
  const t = useTranslations("jsonForm");
  const { reveal } = useForm();
  const id = useId();
  const { description } = schema;

  function onBlur({ currentTarget, relatedTarget }: FocusEvent<HTMLFieldSetElement>) {
    if (!currentTarget.contains(relatedTarget)) reveal(path);
  }

  const complaints = <Complaints path={path} inner={inner} id={`${id}-error`} />;
  if (bare)
    return (
      <div className={styles.group}>
        {children}
        {complaints}
      </div>
    );
  return (
    <fieldset
      className={styles.group}
      data-path={path.join(".")}
      aria-describedby={`${id}-description ${id}-error`}
      onBlur={onBlur}
    >
      <legend>
        <FieldName name={name} named={named} />
        {required && <span className={styles.asterisk}> *</span>}
      </legend>
      {removable && clear && (
        <ActionIcon
          className={styles.drop}
          variant="subtle"
          color="gray"
          aria-label={t("remove", { name: visibleText(name) })}
          onClick={clear}
        >
          <IconX size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      )}
      {typeof description === "string" && (
        <p id={`${id}-description`} className={styles.description} lang="en">
          {description}
        </p>
      )}
      {children}
      {complaints}
    </fieldset>
  );
}
