import { match } from "@formatjs/intl-localematcher";
import Negotiator from "negotiator";
import { defaultLocale, defaultTimeZone, type Locale, locales } from "./locales.ts";

/** The language of a page: what the person chose, else what the browser prefers, else Spanish. */
export function localeOf(chosen: string | undefined, acceptLanguage: string | null): Locale {
  const known = locales.find((locale) => locale === chosen);
  if (known) return known;
  const wanted = new Negotiator({ headers: { "accept-language": acceptLanguage ?? "" } }).languages();
  try {
    return match(
      wanted.filter((language) => language !== "*"),
      locales,
      defaultLocale,
    ) as Locale;
  } catch {
    // A header with something that is no language at all.
    return defaultLocale;
  }
}

/**
 * Returns the time zone of a page's dates: the browser's where it is valid, else Santiago's. By the name that the
 * browser uses: one zone has several, and the browser compares this one with its own.
 */
export function timeZoneOf(told: string | undefined): string {
  if (!told) return defaultTimeZone;
  try {
    new Intl.DateTimeFormat("en", { timeZone: told });
    return told;
  } catch {
    return defaultTimeZone;
  }
}
