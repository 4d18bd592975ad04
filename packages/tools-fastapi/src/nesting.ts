/** Levels of JSON: deeper JSON is no real data, and code that walks it by recursion would overflow its stack. */
const maxDepth = 100;

/** Returns whether a value of JSON is nested no deeper than 100 levels. */
export function isShallow(value: unknown): boolean {
  return within(value, maxDepth);
}

function within(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => within(item, levels - 1));
}
