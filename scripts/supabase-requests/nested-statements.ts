import postgres from "postgres";
import type { Stack } from "../../apps/local/src/stack.ts";

/** Configures Postgres to log every statement from its next start, statements inside functions included. */
export async function noteStatements({ superuserUrl }: Stack): Promise<void> {
  await withSuperuser(
    superuserUrl,
    (sql) => sql`alter system set shared_preload_libraries = 'pg_stat_statements'`,
  );
}

/** Starts logging after Postgres was restarted. */
export async function beginNoting({ superuserUrl }: Stack): Promise<void> {
  await withSuperuser(superuserUrl, async (sql) => {
    await sql`create extension pg_stat_statements schema extensions`;
    await sql`alter system set pg_stat_statements.track = 'all'`;
    await sql`select pg_reload_conf()`;
  });
}

/** Reads the statements that ran inside functions, with parameters for their values. */
export async function nestedStatements({ superuserUrl }: Stack): Promise<string[]> {
  const rows = await withSuperuser(
    superuserUrl,
    (sql) =>
      sql<{ query: string }[]>`select distinct query from extensions.pg_stat_statements where not toplevel`,
  );
  return rows.map(({ query }) => query);
}

async function withSuperuser<Result>(
  url: string,
  work: (sql: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  return work(sql).finally(() => sql.end());
}
