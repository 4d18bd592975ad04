export const locales = ["es-CL", "en"] as const;
export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "es-CL";
export const defaultTimeZone = "America/Santiago";

/** Cookies by which a browser tells what its person chose and where it stands. */
export const localeCookie = "smarteros_locale";
export const timeZoneCookie = "smarteros_time_zone";
