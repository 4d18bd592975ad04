import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { runFile } from "./run-file.ts";
import type { Migration } from "./source.ts";

// Until release 0.3 the schema consisted of 21 migrations that included the functions. Today's first ten migrations
// create the same schema by subject.
const earlierSecond = "0002_tenants";
/** The last of the earlier migrations. */
export const earlierLast = "0021_roles";
/** The last of today's migrations that create the same schema. */
export const baseline = "0010";
const changes = new URL("../upgrade/earlier-numbers.sql", import.meta.url);

/**
 * Renames and renumbers the migrations of a database at the last of the 21 earlier ones to today's; leaves others
 * unchanged. Rejects for a database between the earlier migrations.
 */
export async function takeOverEarlierNumbers(
  transaction: postgres.TransactionSql,
  migrations: Migration[],
): Promise<void> {
  const names = (
    await transaction<{ name: string }[]>`select name from smarteros.migrations order by version`
  ).map(({ name }) => name);
  if (!names.includes(earlierSecond)) return;
  if (names.at(-1) !== earlierLast)
    throw new Error(
      `this database is at migration ${names.at(-1)} of an earlier release: apply that release up to ${earlierLast} first`,
    );
  await runFile(transaction, "upgrade/earlier-numbers.sql", await readFile(changes, "utf8"));
  await transaction`delete from smarteros.migrations where true`;
  const same = migrations.filter(({ version }) => version <= baseline);
  await transaction`insert into smarteros.migrations ${transaction(same, "version", "name", "sha256")}`;
}
