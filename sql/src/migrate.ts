import { readFile } from "node:fs/promises";
import postgres from "postgres";
import { connect } from "./connect.ts";
import { bookkeeping, type Migration, migrationsFolder, readMigrations } from "./migrations.ts";

type Applied = { version: string; name: string; sha256: string };

/**
 * Brings the database at `url` (a role like hosted Supabase's `postgres`) up to the newest migration and makes the
 * partitions of the coming days. Resolves to the names it applied, none when everything was there. Rejects with a
 * one-line error that names the migration which failed, was edited after it was applied, or is missing.
 */
export async function migrate(database: { url: string; folder?: URL }): Promise<string[]> {
  const migrations = await readMigrations(database.folder ?? migrationsFolder);
  const sql = connect(database.url);
  try {
    await inOneTransaction(sql, (transaction) => prepare(transaction));
    const applied: string[] = [];
    for (const migration of migrations) {
      // biome-ignore lint/performance/noAwaitInLoops: each migration stands on the one before it
      if (await inOneTransaction(sql, (transaction) => apply(transaction, migration, migrations))) {
        applied.push(migration.name);
      }
    }
    await sql`select public.ensure_partitions()`;
    await sql`notify pgrst, 'reload schema'`;
    return applied;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

// A lock of the transaction and not of the session, because a pooler may give each transaction another session.
function inOneTransaction<T>(sql: postgres.Sql, work: (transaction: postgres.TransactionSql) => Promise<T>) {
  return sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(hashtextextended('smarteros.migrations', 0))`;
    return work(transaction);
  });
}

async function prepare(transaction: postgres.TransactionSql) {
  await transaction.unsafe(await readFile(bookkeeping, "utf8")).simple();
}

async function apply(
  transaction: postgres.TransactionSql,
  migration: Migration,
  all: Migration[],
): Promise<boolean> {
  const applied = await transaction<
    Applied[]
  >`select version, name, sha256 from smarteros.migrations order by version`;
  refuseDrift(applied, all);
  if (applied.some((row) => row.version === migration.version)) return false;
  try {
    await transaction.unsafe(migration.text).simple();
  } catch (cause) {
    const why =
      cause instanceof postgres.PostgresError ? `${cause.message} (${cause.code})` : "the connection failed";
    throw new Error(`migration ${migration.name} failed and was rolled back: ${why}`, { cause });
  }
  await transaction`insert into smarteros.migrations (version, name, sha256)
    values (${migration.version}, ${migration.name}, ${migration.sha256})`;
  return true;
}

function refuseDrift(applied: Applied[], all: Migration[]) {
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
