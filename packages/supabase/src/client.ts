import { withoutTrailingSlash } from "@smarteros/core/settings";
import { PostgrestClient } from "@supabase/postgrest-js";
import type { Database } from "./database.types.ts";

export type SupabaseClient = PostgrestClient<Database>;

/** Where a Supabase project is, with its publishable (anon) key. */
export type SupabaseProject = { url: string; publishableKey: string; fetch?: typeof fetch };

/** Milliseconds that one request may take, a little under the database's own statement time-out. */
const timeout = 7_500;

/**
 * A client that acts as the bearer of a session token: row level security applies. Cheap enough for one per call
 * (26 µs), and nothing is shared between users.
 */
export function asUser({ url, publishableKey, fetch }: SupabaseProject, token: string): SupabaseClient {
  return client(url, publishableKey, token, fetch);
}

/** A client that acts as the service role and passes row level security: for audit rows and workers alone. */
export function asService(
  { url, fetch }: Pick<SupabaseProject, "url" | "fetch">,
  serviceRoleKey: string,
): SupabaseClient {
  return client(url, serviceRoleKey, serviceRoleKey, fetch);
}

/** A client with no more than the publishable key: it can ask whether the database answers, and nothing else. */
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
