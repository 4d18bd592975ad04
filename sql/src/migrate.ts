import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { type Adoption, adoption, hasEarlierTables, type OwnerChange } from "./adoption.ts";
import { connect } from "./connect.ts";
import { applyDefinitions } from "./definitions.ts";
import { takeOverEarlierNumbers } from "./earlier-numbers.ts";
import { runFile } from "./run-file.ts";
import { bookkeeping, type Migration, readSource, type Source, sourceFolder } from "./source.ts";
import { takenNames } from "./taken-names.ts";

/** The changes of a run: names of migrations, and of views, functions and policies such as `functions/can`. */
export type Applied = { migrations: string[]; definitions: string[]; adopted?: AdoptionReport };

/** The numbers of adopted rows of 0.2 and of rows in review. */
type AdoptionReport = {
  tenants: number;
  tenantsInReview: number;
  tenantsChanged: number;
  rowsInReview: { mcp_invocations?: number; external_health?: number };
};

export type Database = {
  url: string;
  source?: URL;
  /** Owners of tenants of 0.2 with their new ids. */
  owners?: OwnerChange[];
  /** Allows or forbids the service role to insert and update tenants; unchanged when omitted. */
  serviceWrites?: boolean | undefined;
};

type Record = { version: string; name: string; sha256: string };

/**
 * Migrates the database at `url` (as a role like hosted Supabase's `postgres`) to the state of the source in one
 * transaction and creates the partitions of the coming days. Adopts tables of 0.2. Resolves to what it applied. Rejects
 * with a one-line error that names the failed file, or the migration that was edited after it was applied or is missing
 * here.
 */
export async function migrate(database: Database): Promise<Applied> {
  const source = await readSource(database.source ?? sourceFolder);
  const sql = connect(database.url);
  try {
    return await sql.begin(async (transaction) => {
      // A transaction lock and not a session lock, because a pooler may use another session for each transaction.
      await transaction`select pg_advisory_xact_lock(hashtextextended('smarteros.migrations', 0))`;
      // Without the limit of two minutes of a hosted project's `postgres`, which is meant for interactive use.
      await transaction`set local statement_timeout = 0`;
      await refuseTakenNames(transaction, source);
      await transaction.unsafe(await readFile(bookkeeping, "utf8")).simple();
      await takeOverEarlierNumbers(transaction, source.migrations);
      const taken = (await hasEarlierTables(transaction))
        ? await adoption(transaction, database.owners)
        : undefined;
      const migrations = await applyMigrations(transaction, source.migrations, taken);
      const definitions = await applyDefinitions(transaction, source.definitions);
      if (database.serviceWrites !== undefined)
        await transaction`
          insert into smarteros.settings (name, value) values ('service_writes', to_jsonb(${database.serviceWrites}))
          on conflict (name) do update set value = excluded.value, updated_at = now()`;
      await transaction`select smarteros.grant_service_writes()`;
      await transaction`select public.ensure_partitions()`;
      await transaction`notify pgrst, 'reload schema'`;
      if (!taken) return { migrations, definitions };
      const [row] = await transaction<{ report: AdoptionReport }[]>`select report from smarteros.adoption`;
      return { migrations, definitions, ...(row && { adopted: row.report }) };
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function applyMigrations(
  transaction: postgres.TransactionSql,
  all: Migration[],
  taken?: Adoption,
): Promise<string[]> {
  const applied = await transaction<Record[]>`
    select version, name, sha256 from smarteros.migrations order by version`;
  refuseDrift(applied, all);
  const missing = all.filter(({ version }) => !applied.some((row) => row.version === version));
  await taken?.begin();
  for (const { name, text } of missing) {
    await runFile(transaction, `migration ${name}`, text);
    await taken?.afterMigration(name);
  }
  await taken?.end();
  if (missing.length > 0)
    await transaction`insert into smarteros.migrations ${transaction(missing, "version", "name", "sha256")}`;
  return missing.map(({ name }) => name);
}

async function refuseTakenNames(transaction: postgres.TransactionSql, source: Source): Promise<void> {
  const taken = await takenNames(transaction, source);
  if (taken.length > 0)
    throw new Error(
      `another app of this project has these names; rename or move them first: ${taken.join(", ")}`,
    );
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
