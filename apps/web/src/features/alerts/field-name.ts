import { channels, findChannel } from "@smarteros/alerts/channels";
import { useLocale, useTranslations } from "next-intl";

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
  "for",
] as const;

/** Returns the label of a field of a rule or target; "?" for any other name, which an address may hold. */
export function useFieldName(): (name: string) => string {
  const t = useTranslations("alerts.field");
  const locale = useLocale();
  return (name) => {
    const known = fields.find((field) => field === name);
    if (known) return t(known);
    const inChannels = Object.values(channels).flatMap((channel) => channel.fields);
    return inChannels.find((field) => field.name === name)?.label[locale] ?? "?";
  };
}

/** Returns the title of a channel in the user's language; the name itself for one that this release does not know. */
export function useChannelTitle(): (name: string) => string {
  const locale = useLocale();
  return (name) => findChannel(name)?.title[locale] ?? name;
}
