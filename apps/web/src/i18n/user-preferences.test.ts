import { expect, test } from "vitest";
import { localeOf, timeZoneOf } from "./user-preferences.ts";

test("a zone keeps the name that the browser knows it by, and what is none is Santiago's", () => {
  for (const zone of ["Asia/Kolkata", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "Pacific/Easter"])
    expect(timeZoneOf(zone)).toBe(zone);
  for (const none of [undefined, "", "__proto__", "America/Santiago\r\nX-Evil: 1", "x".repeat(8_000)])
    expect(timeZoneOf(none)).toBe("America/Santiago");
});

test("a language that is none is the browser's, or Spanish", () => {
  expect(localeOf("__proto__", null)).toBe("es-CL");
  expect(localeOf("en\r\n", "en-GB,de;q=0.5")).toBe("en");
  expect(localeOf(undefined, "\u0000;;q=x,*")).toBe("es-CL");
});
