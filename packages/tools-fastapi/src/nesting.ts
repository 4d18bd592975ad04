/** Returns whether a value is an object of JSON, with any keys: zod's record refuses `constructor` and drops `__proto__`. */
export function isJsonObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns whether all texts of a value of JSON can be stored: without U+0000 and halves of surrogate pairs. */
export function isStorable(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\u0000");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}

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
