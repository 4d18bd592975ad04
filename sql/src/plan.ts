import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { applyRules, hasEarlierTables, type OwnerChange } from "./adoption.ts";
import { connect } from "./connect.ts";
import { baseline, earlierLast } from "./earlier-numbers.ts";
import { runFile } from "./run-file.ts";
import { bookkeeping, readSource, type Source } from "./source.ts";
import { takenNames } from "./taken-names.ts";

/** Rows of a table that violate one rule, with at most twenty ids. */
type BrokenRule = { table: string; rule: string; rows: number; ids: string[] };

/** A write privilege that a role loses by applying. */
type LostPrivilege = {
  role: string;
  table: string;
  privilege: "insert" | "update" | "delete";
  columns: string[];
  calls?: number;
};

/** The changes that `db:apply` would make, and the obstacles. */
export type Plan = {
  /** The current state of the database: `empty`, `0.2`, or the name of its last migration. */
  from: string;
  migrations: string[];
  definitions: string[];
  /** Names of ours that another app already uses. */
  takenNames: string[];
  tenants: { rows: number; fit: number; changed: number };
  brokenRules: BrokenRule[];
  /** The obstacles that prevent applying, each with its remedy. */
  obstacles: string[];
  lostWrites: LostPrivilege[];
  /** The privileges on the tables that the anon key loses. */
  lostForAnon: string[];
  /** Policies on the tables that ours replace. */
  lostPolicies: string[];
  /** Objects of the earlier app that stay and may interfere. */
  stays: string[];
  owners: string[];
};

/** Thrown to roll the transaction back. */
class Planned extends Error {
  readonly plan: Plan;
  constructor(plan: Plan) {
    super("planned");
    this.plan = plan;
  }
}

/** Plans `migrate` in a transaction that is rolled back: reads tables, locks none, changes nothing. */
export async function planMigration(url: string, owners: OwnerChange[] = []): Promise<Plan> {
  const source = await readSource();
  const sql = connect(url);
  try {
    await sql.begin(async (transaction) => {
      await transaction`set local statement_timeout = 0`;
      throw new Planned(await plan(transaction, source, owners));
    });
    throw new Error("the plan was not rolled back");
  } catch (error) {
    if (error instanceof Planned) return error.plan;
    throw error;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function plan(
  transaction: postgres.TransactionSql,
  source: Source,
  owners: OwnerChange[],
): Promise<Plan> {
  const taken = await takenNames(transaction, source);
  await transaction.unsafe(await readFile(bookkeeping, "utf8")).simple();
  const applied = await transaction<{ name: string; sha256: string }[]>`
    select name, sha256 from smarteros.migrations
    union all select name, sha256 from smarteros.definitions order by name`;
  const isApplied = new Map(applied.map(({ name, sha256 }) => [name, sha256]));
  const todo = {
    migrations: source.migrations
      .filter(
        ({ name, version }) => !isApplied.has(name) && !(isApplied.has(earlierLast) && version <= baseline),
      )
      .map(({ name }) => name),
    definitions: source.definitions
      .filter(({ name, sha256 }) => isApplied.get(name) !== sha256)
      .map(({ name }) => name),
    takenNames: taken,
  };
  const last = applied.map(({ name }) => name).findLast((name) => /^\d{4}_/.test(name));
  const none = { tenants: { rows: 0, fit: 0, changed: 0 }, brokenRules: [], obstacles: [], lostWrites: [] };
  if (!(await hasEarlierTables(transaction)))
    return {
      ...todo,
      ...none,
      from: last ?? "empty",
      lostForAnon: [],
      lostPolicies: [],
      stays: [],
      owners: [],
    };

  const rules = ["0001_foundation", "0002_text_rules"];
  for (const { name, text } of source.migrations.filter(({ name }) => rules.includes(name))) {
    await runFile(transaction, `migration ${name}`, text);
  }
  await applyRules(transaction, owners);
  return { ...todo, from: "0.2", ...(await findings(transaction)) };
}

async function findings(transaction: postgres.TransactionSql) {
  const text = await readFile(new URL("../upgrade/0.2/findings.sql", import.meta.url), "utf8");
  await runFile(transaction, "upgrade/0.2/findings.sql", text);
  const [row] = await transaction<
    { findings: Omit<Plan, "from" | "migrations" | "definitions" | "takenNames"> }[]
  >`select smarteros_0_2.findings() as findings`;
  if (!row) throw new Error("no findings");
  return { ...row.findings, lostWrites: await withUse(transaction, row.findings.lostWrites) };
}

/** Adds the uses of each privilege when pg_stat_statements is installed and readable. */
async function withUse(
  transaction: postgres.TransactionSql,
  lost: LostPrivilege[],
): Promise<LostPrivilege[]> {
  const [where] = await transaction<{ view: string }[]>`
    select format('%I.pg_stat_statements', n.nspname) as view
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'`;
  if (!where) return lost;
  const used = await transaction
    .savepoint((inner) =>
      inner.unsafe<{ role: string; query: string; calls: string }[]>(
        `select userid::regrole::text as role, query, calls from ${where.view}
         where query ~* '(insert into|update|delete from)' or query = '<insufficient privilege>'`,
      ),
    )
    .catch(() => undefined);
  return lost.map((one) => {
    const ofRole = used?.filter(({ role }) => role === one.role);
    // A role that may not read another's statements does not see whether there were any.
    if (!ofRole || ofRole.some(({ query }) => query.startsWith("<"))) return one;
    const verb = { insert: "insert\\s+into", update: "update", delete: "delete\\s+from" }[one.privilege];
    const statement = new RegExp(`${verb}\\s+(only\\s+)?("?public"?\\.)?"?${one.table}"?\\b`, "i");
    const matching = ofRole.filter(({ query }) => statement.test(query));
    return { ...one, calls: matching.reduce((sum, { calls }) => sum + Number(calls), 0) };
  });
}
