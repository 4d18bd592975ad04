"use client";

import { useTranslations } from "next-intl";
import type { KeyboardEvent, PointerEvent } from "react";
import styles from "./console.module.css";

const least = 25;
const most = 75;
const within = (share: number) => Math.min(Math.max(share, least), most);

/** The rule between arguments and result; drags, or moves by the arrow keys. `share` is the left side's percent. */
export function Divider({ share, onShare }: { share: number; onShare: (share: number) => void }) {
  const t = useTranslations("console");

  function drag(event: PointerEvent<HTMLDivElement>) {
    const panes = event.currentTarget.parentElement;
    if (!panes || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left, width } = panes.getBoundingClientRect();
    onShare(within(((event.clientX - left) / width) * 100));
  }

  function nudge(event: KeyboardEvent) {
    const to = { ArrowLeft: share - 5, ArrowRight: share + 5, Home: least, End: most }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onShare(within(to));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> takes no focus and no keys
    <div
      className={styles.divider}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("divider")}
      aria-valuenow={Math.round(share)}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={nudge}
    />
  );
}
