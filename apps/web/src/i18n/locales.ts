export const locales = ["es-CL", "en"] as const;
export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "es-CL";
export const defaultTimeZone = "America/Santiago";

/** Cookies of a browser's language and time zone. */
export const localeCookie = "smarteros_locale";
export const timeZoneCookie = "smarteros_time_zone";
