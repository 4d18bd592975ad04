"use client";

import { Button, Switch } from "@mantine/core";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { setSingleKeys, singleKeys } from "@smarteros/ui/shortcuts.ts";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type SectionAccess, sectionsFor } from "./navigation.tsx";
import styles from "./shell.module.css";

const keys = [
  ["Ctrl/⌘ K", "palette"],
  ["Ctrl/⌘ ↵", "run"],
  ["Ctrl/⌘ J", "view"],
  ["/", "search"],
  ["j  k", "move"],
  ["r", "again"],
  ["c", "copy"],
  ["?", "help"],
  ["Esc", "close"],
] as const;

/** The shortcuts, and the switch for those of a single key. */
export function ShortcutHelp({ access, onClose }: { access: SectionAccess; onClose: () => void }) {
  const t = useTranslations("shell");
  const [single, setSingle] = useState(singleKeys);
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <dl className={styles.shortcuts}>
        {keys.map(([key, label]) => (
          <div key={label}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`shortcuts.${label}`)}</dd>
          </div>
        ))}
        {sectionsFor(access).map(({ key, label }) => (
          <div key={key}>
            <dt>
              <kbd>g {key}</kbd>
            </dt>
            <dd>{t("shortcuts.go", { section: t(label) })}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label={t("shortcuts.single")}
        checked={single}
        onChange={(event) => {
          setSingleKeys(event.currentTarget.checked);
          setSingle(event.currentTarget.checked);
        }}
      />
      <form method="dialog">
        <Button type="submit" variant="default" mt="md" data-autofocus>
          {t("close")}
        </Button>
      </form>
    </Dialog>
  );
}
