import assert from "node:assert/strict";
import type { Target } from "./target.ts";

/** Reads the newest rows of a table with the service role. Throws when the table or a column is missing. */
export async function readRows(
  { sql, rest }: Target,
  table: string,
  columns: string[],
): Promise<Record<string, unknown>[]> {
  if (sql) return sql`select ${sql(columns)} from ${sql(table)} order by created_at desc limit 100`;
  assert.ok(rest, "this row needs the tables");
  const address = `${rest.url}/rest/v1/${table}?select=${columns.join(",")}&order=created_at.desc&limit=100`;
  const headers = { apikey: rest.serviceKey, Authorization: `Bearer ${rest.serviceKey}` };
  const response = await fetch(address, { headers, signal: AbortSignal.timeout(60_000) });
  assert.equal(response.status, 200, `${table} responds with ${response.status}`);
  return (await response.json()) as Record<string, unknown>[];
}

export type Column = { type: string; nullable: boolean; default: string | null };

/** Reads the columns of a table from the database catalog. */
export async function columnsOf(target: Target, table: string): Promise<Record<string, Column>> {
  const { sql } = target;
  assert.ok(sql, "this row needs the database");
  const rows = await target.once(
    `columns of ${table}`,
    async () =>
      await sql<(Column & { name: string })[]>`
        select column_name as name, data_type as type, is_nullable = 'YES' as nullable, column_default as default
        from information_schema.columns where table_schema = 'public' and table_name = ${table}`,
  );
  return Object.fromEntries(rows.map(({ name, ...column }) => [name, column]));
}
