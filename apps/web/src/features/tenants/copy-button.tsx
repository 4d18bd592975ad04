"use client";

import { ActionIcon } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import styles from "./tenants.module.css";

/** Copies a text; `label` says which. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTranslations("tenants");
  const { copy, copied } = useClipboard({ timeout: 2_000 });
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <>
      <ActionIcon
        className={styles.copy}
        variant="subtle"
        color="gray"
        size={28}
        aria-label={label}
        title={label}
        onClick={() => copy(text)}
      >
        <Icon size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
      <span className={styles.hidden} role="status">
        {copied ? t("copied") : ""}
      </span>
    </>
  );
}
