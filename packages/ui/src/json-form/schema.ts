import { childAt, type Path } from "./path.ts";

/** A JSON Schema (2020-12) that is an object; `true` is written `{}`, and `false` has no place in a form. */
export type Schema = Record<string, unknown>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the schema in a keyword; undefined where no value is accepted. */
export function schemaIn(value: unknown): Schema | undefined {
  if (value === undefined || value === true) return {};
  return isRecord(value) ? value : undefined;
}

/** The schemas in a keyword that lists them. */
export function schemasIn(value: unknown): Schema[] {
  return Array.isArray(value) ? value.map(schemaIn).filter((item) => item !== undefined) : [];
}

const mostHops = 32;

/** A schema with its `$ref` followed and its `allOf` folded in; what cannot be resolved stays out. */
export function resolved(schema: Schema, root: Schema, hops = 0): Schema {
  if (hops > mostHops) return {};
  const { $ref, allOf, ...own } = schema;
  const parts = [...(typeof $ref === "string" ? [referenced($ref, root)] : []), ...schemasIn(allOf)];
  return [...parts.map((part) => resolved(part, root, hops + 1)), own].reduce<Schema>(merged, {});
}

/** Two schemas that both hold, as one: enough of it to lay out a form, the checks themselves see the originals. */
export function merged(one: Schema, other: Schema): Schema {
  const result = { ...one, ...other };
  if (isRecord(one.properties) && isRecord(other.properties))
    result.properties = { ...one.properties, ...other.properties };
  if (Array.isArray(one.required) && Array.isArray(other.required))
    result.required = [...new Set([...one.required, ...other.required])];
  return result;
}

function referenced($ref: string, root: Schema): Schema {
  if (!$ref.startsWith("#")) return {};
  return schemaIn(pathOfPointer($ref.slice(1)).reduce(childAt, root as unknown)) ?? {};
}

/** Splits a JSON pointer in a URI fragment into its segments. */
export function pathOfPointer(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~"));
}
