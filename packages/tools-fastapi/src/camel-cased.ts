import type * as z from "zod";

type Key<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Key<Tail>>}` : Name;
type CamelCased<Value> = Value extends readonly (infer Item)[]
  ? CamelCased<Item>[]
  : Value extends object
    ? { [Name in keyof Value as Key<Name>]: CamelCased<Value[Name]> }
    : Value;

/** Converts the keys of a value to camelCase at every level: `tenant_id` becomes `tenantId`. */
export function camelCased<Value>(value: Value): CamelCased<Value>;
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [camelCase(key), camelCased(item)]));
}

/** A key of the wire as tools spell it. The libraries for this make `n8N` of `n8n`. */
export const camelCase = (key: string) =>
  key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Makes a tool's output schema: it parses a response of the backend and converts it to camelCase. */
export const shown = <Schema extends z.ZodType>(schema: Schema) =>
  schema.transform((value) => camelCased(value));
