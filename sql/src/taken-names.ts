import type postgres from "postgres";
import type { Source } from "./source.ts";

const created = /^create (?:or replace )?(?:table|view|function) public\.(?<name>[a-z_0-9]+)/gm;
/** These tables are adopted. */
const adopted = ["tenants", "mcp_invocations", "external_health"];

/**
 * Finds names that another app uses in a project without our records: `create or replace` would replace its function,
 * and a view would be dropped. Resolves to none when our records exist.
 */
export async function takenNames(
  sql: postgres.TransactionSql,
  { migrations, definitions }: Source,
): Promise<string[]> {
  const text = [...migrations, ...definitions].map((one) => one.text).join("\n");
  const names = [...text.matchAll(created)].flatMap(({ groups }) => groups?.name ?? []);
  const own = [...new Set(names)].filter((name) => !adopted.includes(name));
  const found = await sql<{ name: string }[]>`
    select name from (
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relname = any (${own}) and relkind in ('r', 'p', 'v', 'm', 'f')
      union select proname from pg_proc where pronamespace = 'public'::regnamespace and proname = any (${own})
      union select 'schema smarteros' where to_regnamespace('smarteros') is not null
    ) taken
    where to_regclass('smarteros.migrations') is null order by 1`;
  return found.map(({ name }) => name);
}
