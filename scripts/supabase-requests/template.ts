import postgres from "postgres";
import type { Catalog } from "../../sql/test/postgrest/catalog.ts";
import { type MainQuery, mainQuery } from "../../sql/test/postgrest/main-query.ts";
import type { ApiRequest } from "../../sql/test/postgrest/request.ts";
import { type Outcome, type ResultRow, respond, respondError } from "../../sql/test/postgrest/respond.ts";
import { executable } from "../../sql/test/postgrest/snippet.ts";
import { type Change, changesSince, currentTransaction } from "./changes.ts";
import type { Sender } from "./principals.ts";

export type Result = { outcome: Outcome; changes: Change[] };

/** Thrown to roll back a template's transaction. */
class Undo extends Error {
  readonly result: Result;
  constructor(result: Result) {
    super("undo");
    this.result = result;
  }
}

/**
 * Opens a session that runs requests with PostgREST's SQL templates and undoes their changes. It uses the superuser to
 * read results, and `authenticator` while a request runs.
 */
export function templateRunner(superuserUrl: string, catalog: Catalog, maxRows: number) {
  const sql = postgres(superuserUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { TimeZone: "UTC" },
    // The response body has type `json`; PostgREST reads it as text.
    types: { json: { to: 114, from: [114], serialize: String, parse: (text: string) => text } },
  });

  async function run(request: ApiRequest, sender: Sender): Promise<Result> {
    const main = mainQuery(request, catalog, maxRows);
    const roleSettings = await settingsOf(sender.role);
    const sessionSettings = await settingsOf("authenticator");
    const undone = sql.begin(async (transaction) => {
      const before = await currentTransaction(transaction);
      // The session settings of a login as `authenticator`.
      await transaction.unsafe(setAll(sessionSettings));
      await transaction.unsafe("set local session authorization authenticator").simple();
      if (main.readOnly) await transaction.unsafe("set transaction read only");
      const outcome = await attempt(transaction, main, request, sender, roleSettings);
      if (main.readOnly || outcome.code !== null) throw new Undo({ outcome, changes: [] });
      await transaction.unsafe("set local session authorization default").simple();
      throw new Undo({ outcome, changes: await changesSince(transaction, before) });
    });
    return undone.then(
      () => {
        throw new Error("a template was not undone");
      },
      (error: unknown) => {
        if (error instanceof Undo) return error.result;
        throw error;
      },
    );
  }

  async function settingsOf(role: string): Promise<[string, string][]> {
    const [row] = await sql<[{ rolconfig: string[] | null }]>`
      select rolconfig from pg_roles where rolname = ${role}`;
    return (row.rolconfig ?? []).map((setting) => {
      const [name = "", ...value] = setting.split("=");
      return [name, value.join("=")];
    });
  }

  return { run, end: () => sql.end() };
}

async function attempt(
  transaction: postgres.TransactionSql,
  main: MainQuery,
  request: ApiRequest,
  { role, claims }: Sender,
  roleSettings: [string, string][],
): Promise<Outcome> {
  try {
    return await transaction.savepoint(async (savepoint) => {
      // PostgREST 17, src/library/PostgREST/Query/PreQuery.hs 36-62: txVarQuery.
      await savepoint.unsafe(
        setAll([
          ["search_path", '"public", "public", "extensions"'],
          ...roleSettings,
          ["role", role],
          ["request.jwt.claims", JSON.stringify({ ...claims, role })],
        ]),
      );
      const [row] = await savepoint.unsafe<ResultRow[]>(executable(main.sql));
      if (!row) throw new Error("a template returned no row");
      return respond(request, main, row);
    });
  } catch (error) {
    if (error instanceof postgres.PostgresError) return respondError(error.code, role === "anon");
    throw error;
  }
}

function setAll(settings: [string, string][]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return `select ${settings.map(([name, value]) => `set_config(${quoted(name)}, ${quoted(value)}, true)`).join(", ")}`;
}
