"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";

type Props = Omit<ButtonProps, "children"> & { text: () => string; label: string; done: string };

/** Copies a text and says so, or says that the browser did not let it. */
export function CopyButton({ text, label, done, ...button }: Props) {
  const t = useTranslations("console");
  const [said, setSaid] = useState("");
  async function copy() {
    setSaid("");
    try {
      await navigator.clipboard.writeText(text());
      setSaid(done);
    } catch {
      setSaid(t("copyRefused"));
    }
  }
  return (
    <>
      <Button variant="default" {...button} onClick={copy}>
        {label}
      </Button>
      <span role="status">{said}</span>
    </>
  );
}
