import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { connect } from "./connect.ts";
import { applyDefinitions } from "./definitions.ts";
import { takeOverEarlierNumbers } from "./earlier-numbers.ts";
import { runFile } from "./run-file.ts";
import { bookkeeping, type Migration, readSource, sourceFolder } from "./source.ts";

/** What a run changed: names of migrations, and of views, functions and policies such as `functions/can`. */
export type Applied = { migrations: string[]; definitions: string[] };

type Record = { version: string; name: string; sha256: string };

/**
 * Brings the database at `url` (a role like hosted Supabase's `postgres`) up to the state of the source in one
 * transaction, complete or unchanged, and makes the partitions of the coming days. Resolves to what it applied. Rejects
 * with a one-line error that names the file which failed, the migration that was edited after it was applied, or that is
 * missing here.
 */
export async function migrate(database: { url: string; source?: URL }): Promise<Applied> {
  const source = await readSource(database.source ?? sourceFolder);
  const sql = connect(database.url);
  try {
    return await sql.begin(async (transaction) => {
      // Of the transaction and not of the session, because a pooler may give each transaction another session.
      await transaction`select pg_advisory_xact_lock(hashtextextended('smarteros.migrations', 0))`;
      // The two minutes of a hosted project's `postgres` are for people.
      await transaction`set local statement_timeout = 0`;
      await transaction.unsafe(await readFile(bookkeeping, "utf8")).simple();
      await takeOverEarlierNumbers(transaction, source.migrations);
      const migrations = await applyMigrations(transaction, source.migrations);
      const definitions = await applyDefinitions(transaction, source.definitions);
      await transaction`select public.ensure_partitions()`;
      await transaction`notify pgrst, 'reload schema'`;
      return { migrations, definitions };
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function applyMigrations(transaction: postgres.TransactionSql, all: Migration[]): Promise<string[]> {
  const applied = await transaction<Record[]>`
    select version, name, sha256 from smarteros.migrations order by version`;
  refuseDrift(applied, all);
  const missing = all.filter(({ version }) => !applied.some((row) => row.version === version));
  for (const migration of missing) {
    // biome-ignore lint/performance/noAwaitInLoops: each migration stands on the one before it
    await runFile(transaction, `migration ${migration.name}`, migration.text);
  }
  if (missing.length > 0)
    await transaction`insert into smarteros.migrations ${transaction(missing, "version", "name", "sha256")}`;
  return missing.map(({ name }) => name);
}

function refuseDrift(applied: Record[], all: Migration[]) {
  for (const row of applied) {
    const file = all.find((migration) => migration.version === row.version);
    if (!file)
      throw new Error(`migration ${row.name} is applied to this database, but its file is missing here`);
    if (file.name !== row.name || file.sha256 !== row.sha256) {
      throw new Error(
        `migration ${row.name} was edited after it was applied: restore it and write a new one`,
      );
    }
  }
}
