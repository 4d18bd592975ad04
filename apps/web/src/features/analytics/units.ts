import type { CallQuestion } from "@smarteros/observability";
import { momentLength } from "@smarteros/observability";
import { useFormatter } from "next-intl";

const day = 86_400_000;

/** Figures in the viewer's language: latencies with two or three digits, shares to a tenth of a percent. */
export function useUnits() {
  const format = useFormatter();
  return {
    milliseconds: (value: number | null | undefined) =>
      value === null || value === undefined
        ? "–"
        : value < 1_000
          ? `${format.number(value, { maximumFractionDigits: value < 10 ? 1 : 0 })} ms`
          : `${format.number(value / 1_000, { maximumFractionDigits: value < 10_000 ? 2 : 1 })} s`,
    percent: (share: number) => format.number(share, { style: "percent", maximumFractionDigits: 1 }),
    /** Formats a time bucket, as a date where it is a day. */
    moment: (at: number, question: CallQuestion) =>
      momentLength(question) < day
        ? format.dateTime(new Date(at), "minute")
        : // A counted day is one of UTC, whatever the viewer's zone.
          format.dateTime(new Date(at), { ...dayFormat, timeZone: "UTC" }),
  };
}

const dayFormat = { day: "2-digit", month: "short", year: "numeric" } as const;
