import postgres from "postgres";
import type { Stack } from "../../apps/local/src/stack.ts";

/** Lets Postgres note every statement that it runs from its next start on, those inside functions too. */
export async function noteStatements({ superuserUrl }: Stack): Promise<void> {
  await withSuperuser(
    superuserUrl,
    (sql) => sql`alter system set shared_preload_libraries = 'pg_stat_statements'`,
  );
}

/** Begins to note, once Postgres has been started again. */
export async function beginNoting({ superuserUrl }: Stack): Promise<void> {
  await withSuperuser(superuserUrl, async (sql) => {
    await sql`create extension pg_stat_statements schema extensions`;
    await sql`alter system set pg_stat_statements.track = 'all'`;
    await sql`select pg_reload_conf()`;
  });
}

/** The statements that were run inside functions, with their values as parameters. */
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
