import { readdir, readFile } from "node:fs/promises";
import type postgres from "postgres";
import { runFile } from "./run-file.ts";

const folder = new URL("../upgrade/0.2/", import.meta.url);

/** An owner's id in the tables of 0.2, and the current one. */
export type OwnerChange = { old: string; new: string };

/** The steps of adopting the tables of 0.2 before, between and after the migrations. */
export type Adoption = {
  begin(): Promise<void>;
  afterMigration(name: string): Promise<void>;
  end(): Promise<void>;
};

/** Resolves to true when the database has tables of 0.2 and no recorded migration. */
export async function hasEarlierTables(transaction: postgres.TransactionSql): Promise<boolean> {
  const [found] = await transaction<{ has: boolean }[]>`
    select (to_regclass('public.tenants') is not null or to_regclass('public.mcp_invocations') is not null
        or to_regclass('public.external_health') is not null)
      and not exists (select from smarteros.migrations) as has`;
  return found?.has ?? false;
}

/**
 * Adopts the tables of 0.2 in place: alters `tenants` and `external_health`, and turns the audit log into one
 * partition. Rows that violate a rule move to the review. Each file of `upgrade/0.2` named like a migration runs after
 * that migration.
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

/** Creates the schema `smarteros_0_2` with the rules of the adoption and the owners' new ids. */
export async function applyRules(transaction: postgres.TransactionSql, owners: OwnerChange[]): Promise<void> {
  await runFile(transaction, "upgrade/0.2/rules.sql", await readFile(new URL("rules.sql", folder), "utf8"));
  await transaction`
    insert into smarteros_0_2.owners
    select * from jsonb_to_recordset(${transaction.json(owners)}) as o (old text, new text)`;
}
