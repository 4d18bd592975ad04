import type { SupabaseClient } from "./client.ts";

/** Requests the database's `ping()`, which every key may call. Resolves also where the database refuses it or is silent. */
export async function ping(
  client: SupabaseClient,
  signal: AbortSignal,
): Promise<{ ok: boolean; status: number }> {
  const { error, status } = await client.rpc("ping").abortSignal(signal);
  return { ok: !error, status };
}
