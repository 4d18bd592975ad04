"use client";

import { ActionIcon, Button, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import styles from "./copy-button.module.css";
import { useCopy } from "./use-copy.ts";

type Props = Omit<ButtonProps, "children"> & { text: () => string; label: string; done?: string };

/** Copies a text and reports success, or that the browser refused. */
export function CopyButton({ text, label, done, ...button }: Props) {
  const t = useTranslations("ui");
  const { copied, copy } = useCopy();
  return (
    <>
      <Button variant="default" {...button} onClick={() => copy(text())}>
        {label}
      </Button>
      <span role="status">
        {copied && (copied.kind === "copied" ? (done ?? t("copied")) : t("copyRefused"))}
      </span>
    </>
  );
}

/** Copies a text, as an icon button; `label` names what is copied. */
export function CopyIcon({ text, label }: { text: string; label: string }) {
  const t = useTranslations("ui");
  const { copied, copy } = useCopy();
  const Icon = copied?.kind === "copied" ? IconCheck : IconCopy;
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
      <span className={copied?.kind === "refused" ? undefined : "visually-hidden"} role="status">
        {copied && t(copied.kind === "copied" ? "copied" : "copyRefused")}
      </span>
    </>
  );
}
