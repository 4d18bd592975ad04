import { name, parameter, type Snippet } from "./snippet.ts";

// PostgREST 17, src/library/PostgREST/Query/SqlFragment.hs 306-346: fromJsonBodyF, without defaults of columns.

/** The clause `FROM … pgrst_body` that turns a JSON body into rows with these typed fields. */
export function bodySource(
  body: string,
  fields: { name: string; type: string }[],
  options: { onlyOne: boolean },
): Snippet {
  const names = fields.map((field) => name(field.name)).join(", ");
  const typed = fields.map((field) => `${name(field.name)} ${field.type}`).join(", ");
  const isObject = body.trimStart().startsWith("{");
  const expand = isObject ? "json_to_record" : "json_to_recordset";
  return [
    "FROM (SELECT ",
    ...parameter(body),
    `::json AS json_data) pgrst_payload, LATERAL (SELECT ${names} FROM ${expand}(pgrst_payload.json_data) AS _(${typed})`,
    `${options.onlyOne ? " LIMIT 1" : ""}) pgrst_body `,
  ];
}
