import { parseArgs } from "node:util";
import { accessSettings, databaseSettingsOf, parseSettings } from "@smarteros/core";
import { databaseUrlProblem, httpUrl } from "@smarteros/core/settings";
import * as z from "zod";
import type { OwnerChange } from "./adoption.ts";
import { readClerkUsers } from "./clerk-users.ts";
import { connect } from "./connect.ts";
import { inOneLine, interrupted } from "./in-one-line.ts";
import { type Applied, migrate } from "./migrate.ts";
import { readOwners } from "./owners-file.ts";
import { planMigration } from "./plan.ts";
import { isStopped, planLines } from "./plan-report.ts";
import { rollBack } from "./roll-back.ts";

const usage =
  "usage: npm run db:apply -- --url postgres://user:password@host:5432/postgres (or set DATABASE_URL) [--plan | --rollback] [--owners old,new.csv]";

const settings = z.object({
  ...accessSettings,
  GRANT_SERVICE_WRITES: z
    .enum(["true", "false"], "must be true or false")
    .transform((value) => value === "true")
    .optional(),
  CLERK_SECRET_KEY: z.string().optional(),
  CLERK_API_URL: httpUrl().optional(),
});

// The driver throws outside of any promise when a connection ends during a write (postgres 3.4, `nextWrite`).
process.once("uncaughtException", (error) => {
  const isDriver = error instanceof TypeError && /[\\/]postgres[\\/]/.test(error.stack ?? "");
  fail(`db:apply: ${isDriver ? interrupted : inOneLine(error)}`);
  process.exit();
});

try {
  await main();
} catch (error) {
  fail(`db:apply: ${inOneLine(error)}`);
}

async function main(): Promise<void> {
  const words = readArguments();
  const url = words?.url ?? process.env.DATABASE_URL;
  const problem = url && databaseUrlProblem(url);
  if (!words || !url || (words.plan && words.rollback)) return fail(usage);
  if (problem) return fail(`db:apply: the database URL is not valid: ${problem}`);
  const env = parseSettings(settings, process.env);
  if (!env.ok) return fail(`db:apply: ${env.problems.join("; ")}`);
  const owners = words.owners ? await readOwners(words.owners) : [];
  if (words.plan) return plan(url, owners, env.value);
  if (words.rollback) {
    await rollBack(url);
    return console.log(
      "the tables of 0.2 are back, with the rows written since; everything else of ours is gone",
    );
  }
  await apply(url, owners, env.value);
}

type Settings = z.output<typeof settings>;

async function plan(url: string, owners: OwnerChange[], env: Settings): Promise<void> {
  const found = await planMigration(url, owners);
  const key = env.CLERK_SECRET_KEY?.trim();
  const clerk = key ? await readClerkUsers(key, { api: env.CLERK_API_URL }) : undefined;
  console.log(planLines(found, clerk, owners).join("\n"));
  if (isStopped(found)) process.exitCode = 1;
}

/** Migrates, and stores the roles and quotas of the environment, which SQL enforces like the hosts. */
async function apply(url: string, owners: OwnerChange[], env: Settings): Promise<void> {
  report(await migrate({ url, owners, serviceWrites: env.GRANT_SERVICE_WRITES }));
  const stored = databaseSettingsOf(env);
  if (Object.keys(stored).length === 0) return;
  const sql = connect(url);
  await sql`select public.configure(${sql.json(stored as never)})`.finally(() => sql.end());
  console.log(`stored the settings ${Object.keys(stored).join(", ")}`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        url: { type: "string" },
        plan: { type: "boolean" },
        rollback: { type: "boolean" },
        owners: { type: "string" },
      },
    }).values;
  } catch {
    return undefined;
  }
}

function report({ migrations, definitions, adopted }: Applied) {
  for (const name of migrations) console.log(`applied ${name}`);
  if (definitions.length > 0) console.log(`applied ${definitions.length} views, functions and policies`);
  if (migrations.length + definitions.length === 0) console.log("the database is up to date");
  if (!adopted) return;
  console.log(
    `took over 0.2: ${adopted.tenants} tenants (${adopted.tenantsChanged} changed to fit), ${adopted.tenantsInReview} in review`,
  );
  for (const [table, rows] of Object.entries(adopted.rowsInReview))
    console.log(`${rows} rows of ${table} break a rule: see smarteros.rows_in_review`);
  console.log("every service of these tenants is held: nothing is created at a vendor until you adopt it");
}

function fail(line: string) {
  console.error(line);
  process.exitCode = 1;
}
