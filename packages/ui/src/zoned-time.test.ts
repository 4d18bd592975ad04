import { expect, test } from "vitest";
import { isoToZonedTime, zonedTimeToIso } from "./zoned-time.ts";

test.each([
  ["2026-11-25T10:00", "America/Santiago", "2026-11-25T13:00:00.000Z"],
  ["2026-07-01T10:00:30", "America/Santiago", "2026-07-01T14:00:30.000Z"],
  ["2026-11-25T10:00", "Asia/Kolkata", "2026-11-25T04:30:00.000Z"],
  ["2026-11-25T10:00", "UTC", "2026-11-25T10:00:00.000Z"],
  // The clock of Santiago goes forward at midnight of 6 September 2026.
  ["2026-09-05T23:30", "America/Santiago", "2026-09-06T03:30:00.000Z"],
  ["2026-09-06T01:30", "America/Santiago", "2026-09-06T04:30:00.000Z"],
])("%s on a wall of %s is %s, and back", (text, timeZone, moment) => {
  expect(zonedTimeToIso(text, timeZone)).toBe(moment);
  expect(isoToZonedTime(moment, timeZone)).toBe(text.padEnd(19, ":00"));
});

test.each(["2026-11-25T10:00:00Z", "2026-11-25T10:00:00-03:00", "yesterday", "2026-13-45T99:99", ""])(
  "%j is left as it is",
  (text) => {
    expect(zonedTimeToIso(text, "America/Santiago")).toBe(text);
  },
);
