"use client";

import { ActionIcon, NativeSelect, useMantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { setPreference } from "@smarteros/ui/preference.ts";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import { localeCookie, locales } from "../../i18n/locales.ts";
import styles from "./preferences.module.css";

const names = { "es-CL": "Español", en: "English" } as const;
const schemes = ["auto", "light", "dark"] as const;

/** Language and appearance, on every page. The browser's own popover opens it, so that no page pays for a menu. */
export function Preferences() {
  const t = useTranslations("shell");
  const locale = useLocale();
  const router = useRouter();
  const id = useId();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // What the browser remembers is not known where the page is written.
  const known = useMounted();
  return (
    <>
      <ActionIcon variant="default" size={32} aria-label={t("preferences")} popoverTarget={id}>
        <IconAdjustmentsHorizontal size={18} stroke={1.5} aria-hidden />
      </ActionIcon>
      <div id={id} popover="auto" className={styles.panel} role="dialog" aria-label={t("preferences")}>
        <NativeSelect
          label={t("language")}
          value={locale}
          data={locales.map((value) => ({ value, label: names[value] }))}
          onChange={(event) => {
            setPreference(localeCookie, event.currentTarget.value);
            router.refresh();
          }}
        />
        <NativeSelect
          label={t("appearance")}
          value={known ? colorScheme : "auto"}
          data={schemes.map((value) => ({ value, label: t(`scheme.${value}`) }))}
          onChange={(event) => {
            const chosen = schemes.find((scheme) => scheme === event.currentTarget.value);
            if (chosen) setColorScheme(chosen);
          }}
        />
      </div>
    </>
  );
}
