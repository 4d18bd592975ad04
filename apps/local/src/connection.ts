import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { beginRequest, isReadOnly, restRequest } from "./request-transaction.ts";
import { type RoleSettings, readRoleSettings } from "./role-settings.ts";
import { createSchemaCache } from "./schema-cache.ts";
import { withSqlState } from "./sqlstate.ts";
import { upsertColumns } from "./upsert-columns.ts";

const POOL_SIZE = 10;

/** `databaseUrl` logs in as `authenticator`, `catalogUrl` as a role that sees every table of the project. */
export type DatabaseUrls = { databaseUrl: string; catalogUrl: string };

/** The REST API's connections to Postgres. `reloadRoleSettings` reads the settings of the roles again. */
export type RestConnection = PostgresConnection & { reloadRoleSettings(): Promise<void> };

/** Connects the REST API to Postgres, with transactions and responses as PostgREST has them. */
export async function openConnection({ databaseUrl, catalogUrl }: DatabaseUrls): Promise<RestConnection> {
  const connection = createPostgresConnection({
    url: databaseUrl,
    postgresOptions: {
      max: POOL_SIZE,
      onnotice: () => undefined,
      connection: { application_name: "rest" },
      types: { numeric, timestamptz, json: jsonOf(114), jsonb: jsonOf(3802) },
    },
  });
  connection.kysely = connection.kysely.withPlugin(upsertColumns);
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => withSqlState(normalize(error));

  // A login role without INHERIT sees no table in the catalog, so a second role reads it.
  const schemaCache = createSchemaCache(catalogUrl);
  connection.introspect = schemaCache.read;
  connection.clearSchemaCache = schemaCache.clear;

  const find = connection.onPostgrestAST.bind(connection);
  connection.onPostgrestAST = async (ast) => {
    const request = restRequest.getStore();
    if (request) request.ast = ast;
    return find(ast);
  };

  let roleSettings: RoleSettings = await readRoleSettings(connection.kysely);
  connection.withContext = async (variables, work) => {
    const readOnly = isReadOnly(restRequest.getStore(), await schemaCache.read());
    return connection.kysely.transaction().execute(async (transaction) => {
      await beginRequest(transaction, variables?.auth ?? {}, { roleSettings, readOnly });
      return work(transaction);
    });
  };

  const close = connection.close.bind(connection);
  return Object.assign(connection, {
    async close() {
      await Promise.all([close(), schemaCache.close()]);
    },
    async reloadRoleSettings() {
      roleSettings = await readRoleSettings(connection.kysely);
    },
  });
}

const numeric = { to: 1700, from: [1700], serialize: String, parse: Number };

const timestamptz = {
  to: 1184,
  from: [1184],
  serialize: String,
  parse: (text: string) => text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
};

// Lite passes arguments that are already JSON text; they must not be serialized twice.
function jsonOf(type: number) {
  return {
    to: type,
    from: [type],
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  };
}
