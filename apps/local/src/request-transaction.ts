import { AsyncLocalStorage } from "node:async_hooks";
import type { Connection, IntrospectResult } from "@supabase/lite";
import { type QueryExecutorProvider, sql } from "kysely";
import type { RoleSettings } from "./role-settings.ts";

type Identity = { role?: string; jwt?: object | null };
type RequestAst = Parameters<Connection["onPostgrestAST"]>[0];

/** The HTTP request of a transaction. `ast` is the parsed request, once it is available. */
export type RestRequest = {
  method: string;
  /** Without the prefix `/rest/v1`. */
  path: string;
  headers: Record<string, string>;
  ast?: RequestAst;
};

/** The current request. */
export const restRequest = new AsyncLocalStorage<RestRequest>();

/**
 * Sets the same as PostgREST at the start of each transaction, in one statement: access mode, search path, the role's
 * settings before the role, its claims, and the request.
 */
export async function beginRequest(
  transaction: QueryExecutorProvider,
  { role = "anon", jwt }: Identity,
  options: { roleSettings: RoleSettings; readOnly: boolean },
): Promise<void> {
  const claims = JSON.stringify({ ...jwt, role });
  const { method = "GET", path = "/", headers = {} } = restRequest.getStore() ?? {};
  const settings: [string, string][] = [
    ["transaction_read_only", options.readOnly ? "on" : "off"],
    ["search_path", '"public", "public", "extensions"'],
    ...(options.roleSettings.get(role) ?? []),
    ["role", role],
    ["request.jwt.claims", claims],
    ["request.method", method],
    ["request.path", path],
    ["request.headers", JSON.stringify(headers)],
    ["request.cookies", "{}"],
    ["response.status", ""],
    ["response.headers", ""],
  ];
  const calls = settings.map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  await sql`select ${sql.join(calls)}`.execute(transaction);
}

/**
 * Returns true when PostgREST would run this request in a read-only transaction: every read, and a call by GET or of a
 * `stable` or `immutable` function.
 */
export function isReadOnly(request: RestRequest | undefined, schema: IntrospectResult): boolean {
  if (request === undefined) return false;
  if (request.method === "GET" || request.method === "HEAD") return true;
  const ast = request.ast as { type: string; function?: string; args?: unknown } | undefined;
  if (ast?.type !== "rpc") return false;
  const given = Object.keys(Array.isArray(ast.args) ? {} : ((ast.args as object | undefined) ?? {}));
  const candidates = (schema.functions ?? []).filter(
    ({ schema: name, name: called, arg_names: names }) =>
      name === "public" && called === ast.function && given.every((argument) => names.includes(argument)),
  );
  return candidates.length > 0 && candidates.every(({ volatility }) => volatility !== "v");
}
