import type { Capability } from "@smarteros/core";
import type { AllowList } from "./allow-list.ts";
import type { AllowedPath, JsonSchema } from "./allowed-paths.ts";

/** Agents pay for every byte of a description, and a wrong path is refused with the whole list anyway. */
const maxDescription = 1_000;

const pathsOf = ({ paths }: AllowList, method: AllowedPath["method"]) =>
  paths.filter((one) => one.method === method);
const capabilityOf = ({ capability = "write" }: AllowedPath): Capability => capability;

/** Returns whether a list has paths of a method. */
export const hasPaths = (list: AllowList, method: AllowedPath["method"]) => pathsOf(list, method).length > 0;

/**
 * Finds the capability that every caller of at least one of a list's paths has: the paths' own where they share it or the
 * others need `admin`, which includes all; else `read`. The path's own capability is checked in addition, at the call.
 */
export function commonCapability(list: AllowList, method: AllowedPath["method"]): Capability {
  const needed = new Set(pathsOf(list, method).map(capabilityOf));
  if (needed.size > 1) needed.delete("admin");
  const [only, another] = needed;
  return only === undefined || another !== undefined ? "read" : only;
}

/** Lists the paths of a method for a description: what each must be given, and the capability where it is another. */
export function describePaths(list: AllowList, method: AllowedPath["method"]): string {
  const common = commonCapability(list, method);
  const byNeed = new Map<string, string[]>();
  for (const one of pathsOf(list, method)) {
    const capability = capabilityOf(one);
    const need = neededBy(one);
    const path = capability === common ? one.path : `${one.path} (${capability})`;
    byNeed.set(need, [...(byNeed.get(need) ?? []), path]);
  }
  const groups = [...byNeed].map(([need, paths]) =>
    method === "GET" ? need + paths.join(", ") : paths.join(", ") + need,
  );
  const text = groups.join("; ");
  if (text.length <= maxDescription) return text;
  return `${text.slice(0, text.lastIndexOf(", ", maxDescription))} and more`;
}

function neededBy({ method, query, body }: AllowedPath): string {
  if (method === "GET") {
    const names = requiredOf(query);
    return names.length > 0 ? `with query ${names.join(", ")} ` : "";
  }
  const fields = requiredOf(body).map((name) => {
    const value = constantOf(body, name);
    return JSON.stringify(name) + (value === undefined ? "" : `: ${JSON.stringify(value)}`);
  });
  return fields.length > 0 ? ` with {${fields.join(", ")}}` : "";
}

const requiredOf = (schema: JsonSchema = {}): string[] =>
  Array.isArray(schema.required) ? schema.required : [];

function constantOf(schema: JsonSchema = {}, name: string): unknown {
  const properties = schema.properties as Record<string, JsonSchema | undefined> | undefined;
  return properties?.[name]?.const;
}
