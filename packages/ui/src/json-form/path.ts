/** The place of a value in the arguments: keys, and positions in lists. */
export type Path = (string | number)[];

/** A path as `issues` of the server write it: `services.crm`, `items.0.name`, empty for the whole. */
export const dotted = (path: Path) => path.join(".");

/** A path as a key that no other path has. */
export const keyOf = (path: Path) => JSON.stringify(path.map(String));

/** The child of a value; undefined where it has none of that name, inherited ones included. */
export function childAt(value: unknown, segment: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
  return (value as Record<string, unknown>)[segment];
}

export const valueAt = (value: unknown, path: Path) => path.reduce(childAt, value);

/** Reads a dotted path against a value, so that keys with dots and positions in lists are known for what they are. */
export function pathOf(written: string, value: unknown): Path {
  if (written === "") return [];
  if (Array.isArray(value)) {
    const [position = "", ...rest] = written.split(".");
    return [Number(position), ...pathOf(rest.join("."), value[Number(position)])];
  }
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const known = keys
    .filter((key) => written === key || written.startsWith(`${key}.`))
    .sort((a, b) => b.length - a.length)[0];
  const key = known ?? written.split(".")[0] ?? written;
  return [key, ...pathOf(written.slice(key.length + 1), childAt(value, key))];
}
