import type postgres from "postgres";

type Sql = postgres.Sql | postgres.TransactionSql;

/** A written row, or a table's number of rows when only that differs. */
export type Change = { table: string; row: Record<string, unknown> };

// No request creates a table, only partitions of existing ones.
let tables: readonly { name: string }[] | undefined;

/** Reads the current transaction id, from which `changesSince` starts. */
export async function currentTransaction(sql: Sql): Promise<string> {
  const [{ id }] = await sql<[{ id: string }]>`select pg_current_xact_id()::text as id`;
  return id;
}

/** Reads the rows written since a transaction, and the number of rows of each table. */
export async function changesSince(sql: Sql, transaction: string): Promise<Change[]> {
  tables ??= await sql<{ name: string }[]>`
    select oid::regclass::text as name from pg_class
    where relnamespace in ('public'::regnamespace, 'smarteros'::regnamespace)
      and relkind in ('r', 'p') and not relispartition order by 1`;
  const written = tables.map(
    ({ name }) =>
      `select '${name}' as table, to_jsonb(t) as row from ${name} t where t.xmin::text::bigint >= ${transaction}`,
  );
  const counted = tables.map(
    ({ name }) => `select '${name}' as table, jsonb_build_object('rows', count(*)) as row from ${name}`,
  );
  const found = await sql.unsafe<Change[]>([...written, ...counted].join(" union all "));
  return [...found];
}
