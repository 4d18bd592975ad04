"use client";

import "@mantine/spotlight/styles.css";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useState } from "react";
import { type SectionAccess, sectionsFor } from "./navigation.tsx";
import styles from "./palette.module.css";

/** A tool as the palette lists it. */
export type ToolSummary = { name: string; description: string };

const [store, actions] = createSpotlight();

/** Finds a section or a tool by a few letters. Opens as it is mounted. */
export function Palette({ tools, access }: { tools: ToolSummary[]; access: SectionAccess }) {
  const t = useTranslations("shell");
  const router = useRouter();
  const [chosen, setChosen] = useState(false);
  useEffect(() => actions.open(), []);
  const groups = useMemo(() => {
    // What is chosen comes up in the page, and so does who chose it: the next Tab is for that, not for the header.
    const leave = () => {
      setChosen(true);
      document.getElementById("content")?.focus({ preventScroll: true });
    };
    return [
      {
        group: t("navigation"),
        actions: sectionsFor(access).map(({ href, label }) => ({
          id: href,
          label: t(label),
          onClick: () => {
            leave();
            router.push(href);
          },
        })),
      },
      {
        group: t("tools"),
        actions: tools.map(({ name, description }) => ({
          id: name,
          label: name,
          description,
          // A hash of its own, so that an open console follows it too.
          onClick: () => {
            leave();
            if (location.pathname === "/dashboard/mcp") location.hash = `tool=${name}`;
            else router.push(`/dashboard/mcp#tool=${name}`);
          },
        })),
      },
    ];
  }, [t, tools, access, router]);
  return (
    <Spotlight
      store={store}
      actions={groups}
      shortcut={null}
      returnFocus={!chosen}
      // While it faded it would hold the focus still, and then let it fall.
      transitionProps={{ exitDuration: 0 }}
      // It would add an inline style sheet, which our content security policy refuses.
      lockScroll={false}
      limit={12}
      scrollable
      maxHeight={400}
      nothingFound={t("nothingFound")}
      classNames={{ action: styles.action ?? "" }}
      attributes={{ content: { "aria-label": t("palette") } }}
      searchProps={{ placeholder: t("palette"), "aria-label": t("palette") }}
    />
  );
}
