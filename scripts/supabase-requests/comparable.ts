const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;

/** Ids and times that existed before a request; both executions must return the same ones. */
export type Known = Set<string>;

/** Collects every id and time in a value. */
export function knownIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? "";
  return [
    ...(text.match(uuid) ?? []),
    ...(text.match(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:[+-]\d\d:\d\d|Z)?/g) ?? []),
  ];
}

/**
 * Masks what differs between two executions of the same request: new ids and times, ages, and numbers from sequences.
 * Sorts lists unless `isOrdered`.
 */
export function comparable(value: unknown, known: Known, isOrdered = true): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, known, isOrdered));
    return isOrdered ? items : items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [
          name,
          isSequence(name, item) || isAge(name, item) ? "<number>" : comparable(item, known, isOrdered),
        ]),
    );
  if (typeof value !== "string") return value;
  if (time.test(value)) return known.has(value) ? value : "<moment>";
  return value.replaceAll(uuid, (id) => (known.has(id) ? id : "<id>"));
}

const isSequence = (name: string, value: unknown) =>
  ["id", "event_id"].includes(name) && typeof value === "number";

/** `age_ms`, or a response that is one number with a fraction, which is an age as well. */
const isAge = (name: string, value: unknown) =>
  typeof value === "number" && (name === "age_ms" || (name === "body" && !Number.isInteger(value)));
