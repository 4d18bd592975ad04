import type { SupabaseClient } from "./client.ts";
import { requireSuccess } from "./rows.ts";

/** Seconds without a report after which workers count as silent; each reports more often than once in 30 s. */
const silentAfter = 120;

/**
 * Reads how long no worker has reported, as any signed-in user or the service role: seconds, and undefined while one has
 * within two minutes. Infinity where none has within a day. Rejects with the database's errors.
 */
export async function workerSilence(
  client: SupabaseClient,
  signal: AbortSignal,
): Promise<number | undefined> {
  const response = await client.rpc("worker_silence").abortSignal(signal);
  requireSuccess(response);
  // Typed as a number, although it is null where there is no worker.
  const seconds = (response.data as number | null) ?? Number.POSITIVE_INFINITY;
  return seconds > silentAfter ? seconds : undefined;
}

/** Words the silence of the workers with its remedy, for callers and operators. */
export function silenceNotice(seconds: number): string {
  return `No worker has reported for ${spanOf(seconds)}. Start apps/backend, or set up the cron route; see docs/provisioning.md.`;
}

function spanOf(seconds: number): string {
  if (!Number.isFinite(seconds)) return "a day or more";
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}
