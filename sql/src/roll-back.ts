import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { connect } from "./connect.ts";
import { runFile } from "./run-file.ts";

const file = new URL("../upgrade/0.2/roll-back.sql", import.meta.url);

/**
 * Restores the tables of 0.2, with the rows written since, and removes everything else of ours in one transaction.
 * Rejects when nothing of 0.2 was adopted.
 */
export async function rollBack(url: string): Promise<void> {
  const sql = connect(url);
  try {
    await sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(hashtextextended('smarteros.migrations', 0))`;
      await transaction`set local statement_timeout = 0`;
      if (!(await wasAdopted(transaction))) throw new Error("nothing of 0.2 was taken over here");
      await runFile(transaction, "upgrade/0.2/roll-back.sql", await readFile(file, "utf8"));
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function wasAdopted(transaction: postgres.TransactionSql): Promise<boolean> {
  const [{ known = false } = {}] = await transaction<{ known: boolean }[]>`
    select to_regclass('smarteros.adoption') is not null as known`;
  return known && (await transaction`select from smarteros.adoption`).length > 0;
}
