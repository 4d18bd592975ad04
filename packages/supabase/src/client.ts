import { withoutTrailingSlash } from "@smarteros/core/settings";
import { PostgrestClient } from "@supabase/postgrest-js";
import type { Database } from "./database.types.ts";

export type SupabaseClient = PostgrestClient<Database>;

/** A Supabase project: its URL and its publishable (anon) key. */
export type SupabaseProject = { url: string; publishableKey: string; fetch?: typeof fetch };

/** Milliseconds that one request may take, a little under the database's own statement time-out. */
const timeout = 7_500;

/**
 * Builds a client that acts as the bearer of a session token: row level security applies. Cheap enough for one per call (26
 * µs); users share nothing.
 */
export function asUser({ url, publishableKey, fetch }: SupabaseProject, token: string): SupabaseClient {
  return client(url, publishableKey, token, fetch);
}

/** Builds a client that acts as the service role, which bypasses row level security: only for audit rows and workers. */
export function asService(
  { url, fetch }: Pick<SupabaseProject, "url" | "fetch">,
  serviceRoleKey: string,
): SupabaseClient {
  return client(url, serviceRoleKey, serviceRoleKey, fetch);
}

/** Builds a client with the publishable key only: it can call `ping()`, and nothing else. */
export function asAnonymous({ url, publishableKey, fetch }: SupabaseProject): SupabaseClient {
  return client(url, publishableKey, publishableKey, fetch);
}

// Retries stay off: the library would repeat a read for 7 s, longer than a caller waits.
function client(
  url: string,
  apikey: string,
  bearer: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
) {
  return new PostgrestClient<Database>(`${withoutTrailingSlash(url)}/rest/v1`, {
    headers: { apikey, Authorization: `Bearer ${bearer}` },
    fetch,
    timeout,
    retry: false,
  });
}
