/** The keywords of a listed JSON Schema that arguments are read by. */
type Schema = {
  type?: unknown;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  enum?: readonly unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
};

/** Maximum characters of JSON text in place of an object or a list: that of a payload and its envelope. */
const maxJsonText = 131_072;

/**
 * Reads arguments as models and agent frameworks send them, by the listed schema of the tool. Changes only what has one
 * meaning: leaves out null and an empty text of an optional field, parses JSON text where an object or a list is wanted,
 * reads numbers and booleans that are written as text, writes a number as text where any text is wanted, puts a single value
 * into a list, trims an id or a choice, and takes `id` and `tenantId` for each other where the tool has one of them. Everything
 * else is returned as it is, for the tool to refuse. Returns the same object where nothing changes.
 */
export function normalizeArguments(
  schema: object | undefined,
  args: Record<string, unknown>,
): Record<string, unknown> {
  return schema ? readProperties(renamed(args, schema), schema) : args;
}

const tenantNames = ["id", "tenantId"] as const;

function renamed(args: Record<string, unknown>, { properties = {} }: Schema): Record<string, unknown> {
  const [known, ...more] = tenantNames.filter((name) => Object.hasOwn(properties, name));
  if (!known || more.length > 0 || Object.hasOwn(args, known)) return args;
  const other = tenantNames.find((name) => name !== known && Object.hasOwn(args, name));
  if (!other) return args;
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key === other ? known : key, value]));
}

function readProperties(given: Record<string, unknown>, { properties = {}, required = [] }: Schema) {
  let isChanged = false;
  const read: [string, unknown][] = [];
  for (const [key, value] of Object.entries(given)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema && isEmpty(value) && !required.includes(key) && !takesAsIs(schema, value)) {
      isChanged = true;
      continue;
    }
    const fitting = schema ? readValue(value, schema) : value;
    isChanged ||= fitting !== value;
    read.push([key, fitting]);
  }
  return isChanged ? Object.fromEntries(read) : given;
}

const isEmpty = (value: unknown) => value === null || (typeof value === "string" && value.trim() === "");
/** Null is wanted by a field that may be null; an empty text never is. */
const takesAsIs = (schema: Schema, value: unknown) => value === null && branchesOf(schema).some(isNull);
const isNull = ({ type }: Schema) => type === "null";
const branchesOf = (schema: Schema) => schema.anyOf ?? [schema];

function readValue(value: unknown, schema: Schema): unknown {
  const branches = branchesOf(schema).filter((branch) => !isNull(branch));
  const [only] = branches;
  // With a choice of forms a value may have more than one meaning.
  if (!only || branches.length > 1) return value;
  switch (only.type) {
    case "object":
      return readObject(value, only);
    case "array":
      return readList(value, only);
    case "integer":
    case "number":
      return typeof value === "string" && isDecimal(value.trim()) ? Number(value) : value;
    case "boolean":
      return typeof value === "string" ? readBoolean(value) : value;
    case "string":
      return readText(value, only);
    default:
      return value;
  }
}

function readObject(value: unknown, schema: Schema): unknown {
  const object = typeof value === "string" ? parsed(value, "{") : value;
  if (!isObject(object)) return value;
  return readProperties(object, schema);
}

function readList(value: unknown, { items = {} }: Schema): unknown {
  const list = typeof value === "string" ? parsed(value, "[") : value;
  if (!Array.isArray(list)) {
    // Text that begins as a list and is none has no meaning.
    if (value === null || (typeof value === "string" && value.trim().startsWith("["))) return value;
    return [readValue(value, items)];
  }
  const read = list.map((item) => readValue(item, items));
  return list === value && read.every((item, index) => item === list[index]) ? value : read;
}

function readText(value: unknown, schema: Schema): unknown {
  if (Number.isSafeInteger(value) && isFree(schema)) return String(value);
  if (typeof value !== "string") return value;
  const trimmed = value.trim();
  const isChoice = schema.enum?.includes(trimmed) ?? false;
  return isChoice || schema.format === "uuid" ? trimmed : value;
}

/** Text of any form, such as a vendor's id. Of one with a form, such as a RUT, a number may have lost a part. */
const isFree = ({ pattern, enum: choices, format, minLength = 0 }: Schema) =>
  !pattern && !choices && !format && minLength <= 1;

function readBoolean(text: string): unknown {
  const word = text.trim().toLowerCase();
  return word === "true" || word === "false" ? word === "true" : text;
}

/** Digits as people write them; not hexadecimal, exponents, infinity or digits of other scripts. */
const isDecimal = (text: string) => /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(text);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Parses JSON text that begins with a character; returns undefined for any other text. */
function parsed(text: string, first: "{" | "["): unknown {
  const trimmed = text.trim();
  if (!trimmed.startsWith(first) || trimmed.length > maxJsonText) return undefined;
  try {
    return JSON.parse(trimmed);
  } catch {
    return undefined;
  }
}
