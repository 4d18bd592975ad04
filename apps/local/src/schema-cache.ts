import type { IntrospectResult } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";

const IDLE_SECONDS = 30;

/** Caches the REST API's view of the tables and functions; `clear` makes the next read query the catalog again. */
export type SchemaCache = {
  read(): Promise<IntrospectResult>;
  clear(): Promise<void>;
  close(): Promise<void>;
};

/** Reads the catalog through a separate connection without other privileges. */
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
    // Lite returns this when the catalog could not be read; it must not be cached.
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
