/** Deeper JSON is nobody's data, and whoever walks it by recursion after us would run out of stack. */
const deepest = 100;

/** Whether a value of JSON is nested no deeper than 100 levels. */
export function isShallow(value: unknown): boolean {
  return within(value, deepest);
}

function within(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => within(item, levels - 1));
}
