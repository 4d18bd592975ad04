"use client";

import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type SectionAccess, sectionsFor } from "./navigation.tsx";
import type { ToolSummary } from "./palette.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";

const Palette = dynamic(() => import("./palette.tsx").then((module) => module.Palette), { ssr: false });

/** Adds the keyboard commands of every page: the palette, the jumps to a section, and the list of shortcuts. */
export function Commands({ tools, access }: { tools: ToolSummary[]; access: SectionAccess }) {
  const router = useRouter();
  // The palette's code is loaded when it is first opened.
  const [palette, setPalette] = useState(0);
  const [help, setHelp] = useState(false);
  const jumps = sectionsFor(access).map(({ key, href }) => [`g ${key}`, () => router.push(href)] as const);
  useShortcuts({
    ...Object.fromEntries(jumps),
    "mod+k": () => setPalette((times) => times + 1),
    "?": () => setHelp(true),
  });
  return (
    <>
      {palette > 0 && <Palette key={palette} tools={tools} access={access} />}
      {help && <ShortcutHelp access={access} onClose={() => setHelp(false)} />}
    </>
  );
}
