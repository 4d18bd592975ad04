import { englishFormats, formats } from "@smarteros/ui/formats.ts";
import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { localeCookie, timeZoneCookie } from "./locales.ts";
import { messagesIn } from "./messages.ts";
import { localeOf, timeZoneOf } from "./user-preferences.ts";

export default getRequestConfig(async () => {
  const [jar, fields] = await Promise.all([cookies(), headers()]);
  const locale = localeOf(jar.get(localeCookie)?.value, fields.get("accept-language"));
  return {
    locale,
    timeZone: timeZoneOf(jar.get(timeZoneCookie)?.value),
    messages: messagesIn(locale),
    formats: locale === "en" ? englishFormats : formats,
  };
});
