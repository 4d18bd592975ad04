import { parseArgs } from "node:util";
import { accessSettings, databaseSettingsOf, parseSettings } from "@smarteros/core";
import { databaseUrlProblem } from "@smarteros/core/settings";
import * as z from "zod";
import { connect } from "./connect.ts";
import { type Applied, migrate } from "./migrate.ts";

const usage =
  "usage: npm run db:apply -- --url postgres://user:password@host:5432/postgres (or set DATABASE_URL)";

// In words of our own, because the driver's name the host, and an unreadable URL is repeated with its password.
const connectionFailures: Record<string, string> = {
  ECONNREFUSED: "nothing answers at the host and port of the database URL",
  ECONNRESET: "the server closed the connection; does it speak TLS as sslmode asks?",
  ENOTFOUND: "the host of the database URL is not known",
  EAI_AGAIN: "the host of the database URL cannot be looked up now",
  CONNECT_TIMEOUT: "no answer from the host of the database URL within 30 seconds",
  CONNECTION_CLOSED: "the server closed the connection; does it speak TLS as sslmode asks?",
  "28P01": "the database refused the user or the password",
  "28000": "the database refused the user, or wants TLS: add ?sslmode=require",
  "3D000": "the database that the URL names does not exist",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed: sslmode=require accepts it",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the server's certificate is not signed by a known authority: sslmode=require accepts it",
};

try {
  const url = databaseUrl();
  const problem = url && databaseUrlProblem(url);
  if (!url) fail(usage);
  else if (problem) fail(`db:apply: the database URL is not valid: ${problem}`);
  else await apply(url);
} catch (error) {
  fail(`db:apply: ${inOneLine(error)}`);
}

/** Migrates, and stores what the environment sets of roles and quotas, which SQL enforces as the hosts do. */
async function apply(url: string): Promise<void> {
  const access = parseSettings(z.object(accessSettings), process.env);
  if (!access.ok) return fail(`db:apply: ${access.problems.join("; ")}`);
  report(await migrate({ url }));
  const settings = databaseSettingsOf(access.value);
  if (Object.keys(settings).length === 0) return;
  const sql = connect(url);
  await sql`select public.configure(${sql.json(settings as never)})`.finally(() => sql.end());
  console.log(`stored the settings ${Object.keys(settings).join(", ")}`);
}

function databaseUrl(): string | undefined {
  try {
    return parseArgs({ options: { url: { type: "string" } } }).values.url ?? process.env.DATABASE_URL;
  } catch {
    return undefined;
  }
}

function report({ migrations, definitions }: Applied) {
  for (const name of migrations) console.log(`applied ${name}`);
  if (definitions.length > 0) console.log(`applied ${definitions.length} views, functions and policies`);
  if (migrations.length + definitions.length === 0) console.log("the database is up to date");
}

function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  const known =
    "code" in error && typeof error.code === "string" ? connectionFailures[error.code] : undefined;
  return known ?? error.message.split("\n", 1)[0] ?? "failed";
}

function fail(line: string) {
  console.error(line);
  process.exitCode = 1;
}
