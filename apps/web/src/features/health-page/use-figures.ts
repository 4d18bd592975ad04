import { useFormatter, useTranslations } from "next-intl";

/** Returns formatters for figures; a missing one becomes a dash. */
export function useFigures() {
  const format = useFormatter();
  const t = useTranslations("healthPage");
  const decimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return {
    // Cut and not rounded: a single failure must not read as 100 %.
    share: (share: number | null) =>
      share === null
        ? "–"
        : format.number(Math.floor(share * 10_000) / 10_000, { style: "percent", ...decimals }),
    latency: (ms: number | null) => {
      if (ms === null) return "–";
      if (ms < 1_000) return t("milliseconds", { value: format.number(ms) });
      return t("seconds", { value: format.number(ms / 1_000, { maximumFractionDigits: 1 }) });
    },
    /** A day is one of UTC in every time zone. */
    moment: (at: string, step: "hour" | "day") =>
      step === "day"
        ? format.dateTime(new Date(at), "day", { timeZone: "UTC" })
        : format.dateTime(new Date(at), "minute"),
  };
}
