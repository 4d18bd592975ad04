import assert from "node:assert/strict";
import { type Row, row } from "../row.ts";
import { type Column, columnsOf, readRows } from "../tables.ts";
import type { Target } from "../target.ts";

type Expected = { type: string; isNotNull?: true; default?: RegExp };

const text = { type: "text" };
const integer = { type: "integer" };
const json = { type: "jsonb" };
const needed = { isNotNull: true } as const;
const yes = { type: "boolean", default: /^true$/ };
const now = { type: "timestamp with time zone", default: /^now\(\)$/ };
const id = { type: "uuid", ...needed };

/** The seed's columns by the seed's names, with the current ones. */
const tables: Record<string, Record<string, Expected>> = {
  tenants: {
    id,
    rut: { ...text, ...needed },
    business_name: { ...text, ...needed },
    clerk_user_id: { ...text, ...needed },
    services_enabled: { ...json, default: /"crm": false.*"kpi": false/ },
    chatwoot_inbox_id: integer,
    botpress_workspace_id: text,
    odoo_company_id: integer,
    n8n_project_id: text,
    metabase_dashboard_id: text,
    active: yes,
    created_at: now,
    updated_at: now,
  },
  mcp_invocations: {
    id,
    user_id: { ...text, ...needed },
    tool: { ...text, ...needed },
    args: text,
    result: text,
    duration_ms: { ...integer, ...needed },
    success: yes,
    created_at: now,
  },
  external_health: {
    id,
    service: { ...text, ...needed },
    status: { ...text, ...needed },
    latency_ms: integer,
    error_message: text,
    metadata: json,
    created_at: now,
  },
};

function matches(column: Column | undefined, { type, isNotNull, default: standard }: Expected): void {
  assert.ok(column, "the column is not there");
  assert.equal(column.type, type);
  if (isNotNull) assert.equal(column.nullable, false);
  if (standard) assert.match(column.default ?? "", standard);
}

async function isKey({ sql }: Target, table: string): Promise<void> {
  assert.ok(sql);
  const [key] = await sql<{ columns: string[] }[]>`
    select array_agg(attname::text order by attnum) as columns
    from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
    where indrelid = ${`public.${table}`}::regclass and indisprimary`;
  assert.equal(key?.columns[0], "id");
}

export const dataModelRows: Row[] = Object.entries(tables).flatMap(([table, columns]) => [
  row(
    table,
    async (target) => {
      await readRows(target, table, Object.keys(columns));
    },
    { tables: true },
  ),
  ...Object.entries(columns).map(([column, expected]) =>
    row(
      `${table}.${column}`,
      async (target) => {
        matches((await columnsOf(target, table))[column], expected);
        if (column === "id") await isKey(target, table);
      },
      { sql: true },
    ),
  ),
]);
