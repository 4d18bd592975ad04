/** The keywords of a listed JSON Schema that say what a field takes. */
type Schema = {
  type?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: readonly Schema[];
  enum?: readonly unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
};

/** Maximum characters of a received value in a message. */
const maxShown = 40;
/** Maximum keys that a message lists. */
const maxKeys = 20;

/** Says what a field takes, with an example, by the listed schema of all arguments: `a whole number from 1 to 100, such as 1`. */
export function wanted(listed: object, path: readonly PropertyKey[]): string | undefined {
  const schema = path.reduce<Schema | undefined>(inside, listed);
  if (!schema || path.length === 0) return undefined;
  const { type, enum: choices, format } = schema;
  if (choices) return `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
  const example = exampleOf(schema);
  if (type === "integer" || type === "number") return `a ${numbers(schema)}, such as ${example}`;
  if (type === "boolean") return "true or false";
  if (type === "array") return `a list${example === undefined ? "" : `, such as ${JSON.stringify(example)}`}`;
  if (type === "object")
    return `an object${example === undefined ? "" : `, such as ${JSON.stringify(example)}`}`;
  if (format === "uuid") return "a UUID";
  if (format === "date-time") return `a date and time with its zone, such as ${example}`;
  if (schema.pattern) return `text that matches ${schema.pattern}`;
  return type === "string" ? `text${lengths(schema)}` : undefined;
}

/**
 * Shows a received value in a message: a number, true, false, null, or a short text where no text is wanted. Of anything else
 * only its kind: text may be a secret in the wrong place.
 */
export function received(value: unknown, listed: object, path: readonly PropertyKey[]): string {
  const schema = path.reduce<Schema | undefined>(inside, listed);
  if (typeof value === "string" && schema?.type === "string" && !schema.enum)
    return `text of ${value.length} characters`;
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text !== undefined && text.length <= maxShown ? text : "a longer text";
}

/** Says which keys there are instead of an unknown one: the one that is spelled the same, or all of a few. */
export function unknownKey(key: string, listed: object, path: readonly PropertyKey[]): string {
  const schema = path.reduce<Schema | undefined>(inside, listed);
  const keys = Object.keys(schema?.properties ?? {});
  const similar = keys.find((one) => letters(one) === letters(key.slice(0, 64)));
  if (similar) return `Unknown key. Its name is ${similar}.`;
  if (keys.length === 0) return "Unknown key. Leave it out or correct its name.";
  return `Unknown key. Leave it out or use one of ${keys.slice(0, maxKeys).join(", ")}.`;
}

const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

function inside(schema: Schema | undefined, key: PropertyKey): Schema | undefined {
  if (typeof key === "number") return schema?.items;
  const { properties = {} } = schema ?? {};
  return Object.hasOwn(properties, key) ? properties[key as string] : undefined;
}

function numbers({ type, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Schema) {
  const name = type === "integer" ? "whole number" : "number";
  const from = minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : "";
  return `${name}${from}${maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : ""}`;
}

function lengths({ minLength = 0, maxLength }: Schema) {
  if (maxLength === undefined) return minLength > 0 ? ` of at least ${minLength} characters` : "";
  return ` of ${minLength} to ${maxLength} characters`;
}

function exampleOf({ type, enum: choices, properties = {}, items, minimum, format }: Schema): unknown {
  if (choices) return choices[0];
  if (type === "integer" || type === "number") return Math.max(minimum ?? 1, 1);
  if (type === "boolean") return true;
  if (type === "string" && format === "date-time") return "2026-11-01T00:00:00-03:00";
  if (type === "array") {
    const item = items && exampleOf(items);
    return item === undefined ? undefined : [item];
  }
  if (type !== "object") return undefined;
  const [first] = Object.entries(properties);
  const value = first && exampleOf(first[1]);
  return value === undefined ? undefined : { [first?.[0] ?? ""]: value };
}
