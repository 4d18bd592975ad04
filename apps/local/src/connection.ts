import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { type Kysely, sql } from "kysely";
import { keepSqlState } from "./sqlstate.ts";

const STATEMENT_TIMEOUT_MILLISECONDS = 8000;
const POOL_SIZE = 10;

// What the package does not offer, but has; the exact version is pinned for this.
type Internals = {
  rlsState: "unknown" | "active";
  applyJwtSessionContext(database: Kysely<unknown>, variables: RequestVariables): Promise<void>;
  applyRpcRequestGucs(database: Kysely<unknown>, request: RpcRequest): Promise<void>;
};
type RequestVariables = { auth?: { role?: string; jwt?: unknown } };
type RpcRequest = { method: string; path: string; requestHeaders?: Record<string, string> };

/** The REST door's connections to Postgres: answers of PostgREST's shape, and one round trip where lite makes five. */
export function openConnection(url: string): PostgresConnection {
  const connection = createPostgresConnection({
    url,
    postgresOptions: {
      max: POOL_SIZE,
      onnotice: () => undefined,
      connection: { statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS, application_name: "rest" },
      types: { numeric, timestamptz, json: jsonOf(114), jsonb: jsonOf(3802) },
    },
  });
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => keepSqlState(normalize(error));

  const internals = connection as unknown as Internals;
  // Otherwise the first request grants everything on everything to everybody, over what the migrations revoked.
  internals.rlsState = "active";
  internals.applyJwtSessionContext = async (database, { auth }) => {
    const claims = auth?.jwt && typeof auth.jwt === "object" ? JSON.stringify(auth.jwt) : "";
    await sql`select set_config('role', ${auth?.role || "anon"}, true), set_config('request.jwt.claims', ${claims}, true)`.execute(
      database,
    );
  };
  internals.applyRpcRequestGucs = async (database, { method, path, requestHeaders }) => {
    await sql`select set_config('response.status', '', true), set_config('response.headers', '', true),
      set_config('request.method', ${method}, true), set_config('request.path', ${path}, true),
      set_config('request.headers', ${JSON.stringify(requestHeaders ?? {})}, true)`.execute(database);
  };
  return connection;
}

const numeric = { to: 1700, from: [1700], serialize: String, parse: Number };

const timestamptz = {
  to: 1184,
  from: [1184],
  serialize: String,
  parse: (text: string) => text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
};

// Lite hands over arguments that are JSON text already; they must not be made text once more.
function jsonOf(type: number) {
  return {
    to: type,
    from: [type],
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  };
}
