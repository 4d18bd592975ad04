import { useTranslations } from "next-intl";

const fields = [
  "id",
  "name",
  "kind",
  "group",
  "tool",
  "service",
  "objective",
  "thresholdMs",
  "minimumCalls",
  "staleMinutes",
  "minimumFailures",
  "afterMinutes",
  "openAfter",
  "closeAfter",
  "renotifyMinutes",
  "noData",
  "targets",
  "url",
  "secret",
  "to",
  "from",
  "smtpUrl",
  "for",
] as const;

/** How a field of a rule or target is called; what is no such field is none of anybody's to write into the page. */
export function useFieldName(): (name: string) => string {
  const t = useTranslations("alerts.field");
  return (name) => {
    const known = fields.find((field) => field === name);
    return known ? t(known) : "?";
  };
}
