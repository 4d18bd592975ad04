import { useFormatter, useTranslations } from "next-intl";
import { clock } from "./format-duration.ts";

const shortMs = 60_000;

/** Formats the time between two moments: 0,4 s, or 12:05 from a minute on. */
export function Duration({ from, to }: { from: number; to: number }) {
  const t = useTranslations("ui");
  const format = useFormatter();
  const span = Math.max(0, to - from);
  if (span >= shortMs) return clock(span);
  return t("seconds", { value: format.number(span / 1_000, { maximumFractionDigits: 1 }) });
}
