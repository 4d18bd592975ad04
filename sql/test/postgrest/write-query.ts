import { bodySource } from "./body-source.ts";
import type { Catalog } from "./catalog.ts";
import type { ReadPlan } from "./read-plan.ts";
import { conditionsOf } from "./read-query.ts";
import type { ApiRequest } from "./request.ts";
import { joined, name, type Snippet } from "./snippet.ts";

// PostgREST 17, src/library/PostgREST/Query/QueryBuilder.hs 120-168: mutatePlanToQuery; Plan.hs 1043-1077: mutatePlan.

const inserted = "nullif(current_setting('pgrst.inserted', true), '')";
const countUp = `set_config('pgrst.inserted', (coalesce(${inserted}::int, 0) + 1)::text, true) <> '0'`;
const countDown = `set_config('pgrst.inserted', (coalesce(${inserted}::int, 0) - 1)::text, true) <> '-1'`;

/** The statement of a POST, PATCH or DELETE on a table. */
export function writeQuery(table: string, request: ApiRequest, plan: ReadPlan, catalog: Catalog): Snippet {
  const target = name("public", table);
  const where = conditionsOf(plan, { reference: target });
  const condition: Snippet = where.length > 0 ? [" WHERE ", ...joined(where, " AND ")] : [];
  const returned = returning(target, request, plan, catalog.primaryKeys.get(table) ?? []);
  if (request.method === "DELETE") return [`DELETE FROM ${target} `, ...condition, ` ${returned}`];
  const body = request.body ?? "{}";
  const fields = fieldsOf(table, request, body, catalog);
  if (request.method === "PATCH") {
    const sets = fields.map((field) => `${name(field.name)} = "pgrst_body".${name(field.name)}`).join(", ");
    const source = bodySource(body, fields, { onlyOne: false });
    return [`UPDATE ${target} SET ${sets} `, ...source, ...condition, ` ${returned}`];
  }
  const columns = fields.map((field) => name(field.name)).join(", ");
  const values = fields.map((field) => `"pgrst_body".${name(field.name)}`).join(", ");
  return [
    `INSERT INTO ${target}(${columns}) SELECT ${values} `,
    ...bodySource(body, fields, { onlyOne: false }),
    onConflict(table, request, fields, catalog),
    ` ${returned}`,
  ];
}

// Every inserted column is set, the conflict columns too.
function onConflict(
  table: string,
  { prefer, search }: ApiRequest,
  fields: { name: string }[],
  catalog: Catalog,
): string {
  const resolution = prefer.get("resolution");
  if (resolution === undefined) return "";
  const given = search.find(([parameter]) => parameter === "on_conflict")?.[1];
  const columns = (given?.split(",") ?? catalog.primaryKeys.get(table) ?? []).map((column) => name(column));
  if (resolution === "ignore-duplicates") return ` ON CONFLICT(${columns.join(", ")}) DO NOTHING`;
  const sets = fields.map((field) => `${name(field.name)} = EXCLUDED.${name(field.name)}`).join(", ");
  return `WHERE ${countUp} ON CONFLICT(${columns.join(", ")}) DO UPDATE SET ${sets} WHERE ${countDown}`;
}

/** The columns of the body, in the order of their names, as PostgREST's set has them. */
function fieldsOf(table: string, { search }: ApiRequest, body: string, { columns }: Catalog) {
  const given = search.find(([parameter]) => parameter === "columns")?.[1];
  const parsed = JSON.parse(body) as object | object[];
  const [first] = Array.isArray(parsed) ? parsed : [parsed];
  const names = given?.split(",").map((column) => column.replaceAll('"', "")) ?? Object.keys(first ?? {});
  return names.toSorted().map((column) => {
    const found = columns.get(table)?.find((known) => known.name === column);
    if (!found) throw new Error(`${table} has no column ${column}`);
    return found;
  });
}

function returning(target: string, { prefer }: ApiRequest, plan: ReadPlan, primaryKey: string[]): string {
  if (prefer.get("return") !== "representation") return "RETURNING 1";
  const selected = plan.columns.map((column) => column.name);
  const columns = selected.includes("*") ? ["*"] : [...new Set([...selected, ...primaryKey])].toSorted();
  return `RETURNING ${columns.map((column) => (column === "*" ? `${target}.*` : `${target}.${name(column)}`)).join(", ")}`;
}
