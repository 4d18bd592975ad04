type Schema = { [keyword: string]: unknown };

/**
 * Returns the schema of arguments as it is listed: without what a model provider refuses, and with it the whole request. Removes
 * `format` except for `date-time`, and `const`, which becomes a list of one choice for text. The catalog has removed what no
 * provider reads (`propertyNames`, patterns of one language). The server validates by the complete schema.
 */
export function listedSchema<Value>(schema: Value): Value {
  if (Array.isArray(schema)) return schema.map(listedSchema) as Value;
  if (typeof schema !== "object" || schema === null) return schema;
  const { format, const: only, properties, ...rest } = schema as Schema;
  const listed: Schema = Object.fromEntries(
    Object.entries(rest).map(([keyword, value]) => [keyword, isData(keyword) ? value : listedSchema(value)]),
  );
  if (format === "date-time") listed.format = format;
  if (typeof only === "string") listed.enum = [only];
  // Names of fields are no keywords.
  if (typeof properties === "object" && properties !== null)
    listed.properties = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, listedSchema(field)]),
    );
  return listed as Value;
}

/** Keywords whose value is data and no schema. */
const isData = (keyword: string) => ["default", "enum", "examples", "required"].includes(keyword);
