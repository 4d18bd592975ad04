import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { createCatalog, createPrincipal } from "../packages/core/src/index.ts";
import { listedSchema } from "../packages/mcp/src/listed-schema.ts";
import { observabilityTools } from "../packages/observability/src/tools/tools.ts";
import { createBackendTools, provisioningTools } from "../packages/tools-fastapi/src/index.ts";
import { tenantTools } from "../packages/tools-tenants/src/index.ts";

// Listed schemas stay within what OpenAI, Azure, Anthropic, Gemini and Vertex accept as parameters of a function: one keyword more
// fails the whole request, not the tool.

type Schema = { [keyword: string]: unknown };

const catalog = createCatalog<never>([
  ...tenantTools,
  ...observabilityTools,
  ...provisioningTools,
  ...createBackendTools(),
] as never[]);
const tools = catalog
  .describe(createPrincipal("user_1", "admin"))
  .map(({ name, inputSchema }): [string, Schema] => [name, listedSchema(inputSchema)]);

const keywords = new Set([
  ...[
    "type",
    "description",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "anyOf",
    "default",
  ],
  ...["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format"],
]);

/** Finds what a provider refuses in a schema, by path. */
function refused(schema: Schema, at: string): string[] {
  const faults: string[] = [];
  const { type, properties = {}, items, anyOf, additionalProperties, pattern, format } = schema;
  for (const keyword of Object.keys(schema))
    if (!keywords.has(keyword) && !(at === "" && keyword === "$schema")) faults.push(`${at}: ${keyword}`);
  if (Array.isArray(type)) faults.push(`${at}: a list of types`);
  if (type === undefined && anyOf === undefined) faults.push(`${at}: no type`);
  if (at === "" && (type !== "object" || anyOf !== undefined)) faults.push("the root is no plain object");
  if (Array.isArray(schema.enum) && schema.enum.some((choice) => typeof choice !== "string"))
    faults.push(`${at}: a choice that is no text`);
  if (format !== undefined && format !== "date-time") faults.push(`${at}: format ${format}`);
  if (typeof pattern === "string" && !isPortable(pattern)) faults.push(`${at}: pattern ${pattern}`);
  const inner: [string, unknown][] = [
    ...Object.entries(properties as Schema).map(([name, one]): [string, unknown] => [`${at}.${name}`, one]),
    ...((anyOf as unknown[]) ?? []).map((one, index): [string, unknown] => [`${at}|${index}`, one]),
  ];
  if (items !== undefined) inner.push([`${at}[]`, items]);
  // An empty schema lets any value in, which is what a free object says.
  if (typeof additionalProperties === "object" && Object.keys(additionalProperties as object).length > 0)
    inner.push([`${at}.*`, additionalProperties]);
  return [...faults, ...inner.flatMap(([where, one]) => refused(one as Schema, where))];
}

/** True where RE2, ECMAScript without the flag `u` and Python's `re` read a pattern, and read it the same. */
function isPortable(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    new RegExp(pattern);
  } catch {
    return false;
  }
  // What Python's `re` refuses or reads otherwise.
  return !/\\[pPuUxckNXzZAQE]|\(\?(?!:)|\[\^?\]|\[\[:|[*+?}]\+/.test(pattern);
}

test.each(tools)("%s has a schema that every provider takes", (_, schema) => {
  expect(refused(schema, "")).toEqual([]);
});

test.each([
  [{ type: "object", properties: { a: { type: "string", pattern: "\\p{L}" } } }, ".a: pattern"],
  [{ type: "object", properties: { a: { type: "string", pattern: "(?=a)" } } }, ".a: pattern"],
  [{ type: "object", properties: { a: { type: "string", pattern: "a++" } } }, ".a: pattern"],
  [{ type: "object", properties: { a: { type: "string", pattern: "\\u{1F600}" } } }, ".a: pattern"],
  [{ type: "object", propertyNames: { type: "string" } }, ": propertyNames"],
  [{ type: "object", anyOf: [{ type: "object" }] }, "the root"],
  [{ type: "object", properties: { a: {} } }, ".a: no type"],
  [{ type: "object", properties: { a: { type: ["string", "null"] } } }, ".a: a list of types"],
  [{ type: "object", properties: { a: { type: "integer", enum: [1] } } }, ".a: a choice"],
  [{ type: "object", properties: { a: { type: "string", format: "uuid" } } }, ".a: format"],
])("%j would be found", (schema, fault) => {
  expect(refused(schema, "").join()).toContain(fault);
});
