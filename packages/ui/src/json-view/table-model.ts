import { childrenOf, type JsonDocument, parentOf } from "./json-document.ts";

/** The names that the objects of a list have among them, in the order in which they first come. */
export function columnsOf(document: JsonDocument, list: number): string[] {
  const names = new Set<string>();
  for (const record of childrenOf(document, list))
    for (const name of Object.keys(document.values[record] as object)) names.add(name);
  return [...names];
}

export type Sorting = { column: string; direction: "asc" | "desc" };

/**
 * The records of a list (as nodes), in order. Numbers come before texts, these before the rest; what is missing is last in
 * both directions. Equal ones stay as they came.
 */
export function sortedRecords(
  document: JsonDocument,
  list: number,
  sorting: Sorting | undefined,
  locale: string,
): number[] {
  const records = [...childrenOf(document, list)];
  if (!sorting) return records;
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const sign = sorting.direction === "asc" ? 1 : -1;
  return records
    .map((node) => ({ node, value: propertyOf(document.values[node], sorting.column) }))
    .sort((one, other) => {
      const [rank, otherRank] = [rankOf(one.value), rankOf(other.value)];
      if (rank === missing || otherRank === missing) return rank - otherRank;
      if (rank !== otherRank) return sign * (rank - otherRank);
      if (typeof one.value === "string") return sign * compare(one.value, String(other.value));
      // What is nested has no order; and turning it into a number would call what it holds.
      if (typeof one.value === "object") return 0;
      return sign * (Number(one.value) - Number(other.value));
    })
    .map(({ node }) => node);
}

/** An own property: a record may lack what every object inherits, such as `constructor`. */
const propertyOf = (record: unknown, name: string) =>
  Object.hasOwn(record as object, name) ? (record as Record<string, unknown>)[name] : undefined;

const missing = 4;
const ranks: Record<string, number> = { number: 0, string: 1, boolean: 2, object: 3, undefined: missing };
const rankOf = (value: unknown) => (value === null ? missing : (ranks[typeof value] ?? missing));

/** The children of a record by name. */
export function cellsOf(document: JsonDocument, record: number): Map<string, number> {
  const cells = new Map<string, number>();
  for (const child of childrenOf(document, record)) cells.set(String(document.keys[child]), child);
  return cells;
}

/** The record of a list that holds a node, if one does. */
export function recordOf(document: JsonDocument, list: number, node: number): number | undefined {
  for (let at = node; at > list; at = parentOf(document, at)) if (parentOf(document, at) === list) return at;
  return undefined;
}
