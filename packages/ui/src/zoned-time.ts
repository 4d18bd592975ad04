// A field of a form gives a moment as the clock on the wall shows it, and an address may give it with its offset.

/** The moment that a wall clock of this zone shows, as ISO 8601; what has an offset, or is no such time, as it is. */
export function zonedTimeToIso(text: string, timeZone: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.test(text)) return text;
  const shown = Date.parse(`${text}Z`);
  if (Number.isNaN(shown)) return text;
  // Computed twice, because the first guess may be on the other side of a clock change.
  const guess = shown - offsetAt(shown, timeZone);
  return new Date(shown - offsetAt(guess, timeZone)).toISOString();
}

/** Returns the local time of a zone to the second, without its offset; empty for text that is no time. */
export function isoToZonedTime(text: string, timeZone: string): string {
  const at = Date.parse(zonedTimeToIso(text, timeZone));
  return Number.isNaN(at) ? "" : new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 19);
}

/** Returns the UTC offset of a zone at a time, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 + Number(seconds ?? 0) * 1_000;
  return sign === "-" ? -size : size;
}
