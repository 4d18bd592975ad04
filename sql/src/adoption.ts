import { readdir, readFile } from "node:fs/promises";
import type postgres from "postgres";
import { runFile } from "./run-file.ts";

const folder = new URL("../upgrade/0.2/", import.meta.url);

/** An owner's id as the tables of 0.2 have it, and as it is now. */
export type OwnerChange = { old: string; new: string };

/** What taking over the tables of 0.2 does before, between and after the migrations. */
export type Adoption = {
  begin(): Promise<void>;
  afterMigration(name: string): Promise<void>;
  end(): Promise<void>;
};

/** Resolves to whether the database has tables of 0.2 and nothing of ours: no migration is recorded. */
export async function hasEarlierTables(transaction: postgres.TransactionSql): Promise<boolean> {
  const [found] = await transaction<{ has: boolean }[]>`
    select (to_regclass('public.tenants') is not null or to_regclass('public.mcp_invocations') is not null
        or to_regclass('public.external_health') is not null)
      and not exists (select from smarteros.migrations) as has`;
  return found?.has ?? false;
}

/**
 * Takes over the tables of 0.2 where they stand: `tenants` and `external_health` are altered, the audit log becomes one
 * partition. Rows that break a rule move to the review. Each file of `upgrade/0.2` named like a migration runs after it.
 */
export async function adoption(
  transaction: postgres.TransactionSql,
  owners: OwnerChange[] = [],
): Promise<Adoption> {
  const files = new Set(await readdir(folder));
  const run = async (file: string) =>
    runFile(transaction, `upgrade/0.2/${file}`, await readFile(new URL(file, folder), "utf8"));
  return {
    async begin() {
      await applyRules(transaction, owners);
      await run("begin.sql");
    },
    async afterMigration(name) {
      if (files.has(`${name}.sql`)) await run(`${name}.sql`);
    },
    end: () => run("end.sql"),
  };
}

/** Makes the schema `smarteros_0_2` with the rules of the adoption and the owners' new ids. */
export async function applyRules(transaction: postgres.TransactionSql, owners: OwnerChange[]): Promise<void> {
  await runFile(transaction, "upgrade/0.2/rules.sql", await readFile(new URL("rules.sql", folder), "utf8"));
  await transaction`
    insert into smarteros_0_2.owners
    select * from jsonb_to_recordset(${transaction.json(owners)}) as o (old text, new text)`;
}
