import type { IntrospectResult } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";

const IDLE_SECONDS = 30;

/** What the REST API knows of the tables and functions, read once and again after `clear`. */
export type SchemaCache = {
  read(): Promise<IntrospectResult>;
  clear(): Promise<void>;
  close(): Promise<void>;
};

/** Reads the catalog through a connection of its own, which can do nothing else. */
export function createSchemaCache(url: string): SchemaCache {
  const catalog = createPostgresConnection({
    url,
    postgresOptions: {
      max: 1,
      idle_timeout: IDLE_SECONDS,
      onnotice: () => undefined,
      connection: { application_name: "rest catalog", default_transaction_read_only: true },
    },
  });
  let schema: Promise<IntrospectResult> | undefined;

  async function load(): Promise<IntrospectResult> {
    const found = await catalog.introspect();
    // What lite returns when the catalog could not be read. It must not stay.
    if (found.tables.length === 0) schema = undefined;
    return found;
  }

  return {
    read: () => {
      schema ??= load();
      return schema;
    },
    clear: async () => {
      schema = undefined;
    },
    close: () => catalog.close(),
  };
}
