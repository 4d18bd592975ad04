import { type ProbeResult, probe } from "@smarteros/observability/health";
import type { SupabaseClient } from "@smarteros/supabase";
import { version } from "./version.ts";

const deadlineMs = 2_000;
const keptForMs = 1_000;

/** Whether we can do our work. */
export type Health = {
  ok: boolean;
  service: "backend";
  version: string;
  timestamp: string;
  supabase: ProbeResult;
};

/** Builds the check: the database's `ping()` for at most 2 s, one at a time, kept 1 s, so that nobody can flood it. */
export function healthCheck(service: SupabaseClient): () => Promise<Health> {
  let flight: { result: Promise<Health>; endsAt: number } | undefined;
  return () => {
    if (!flight || flight.endsAt < performance.now()) {
      const current = { result: examine(service), endsAt: Number.POSITIVE_INFINITY };
      flight = current;
      current.result.finally(() => {
        current.endsAt = performance.now() + keptForMs;
      });
    }
    return flight.result;
  };
}

async function examine(service: SupabaseClient): Promise<Health> {
  const supabase = await probe(async (signal) => {
    const { error, status } = await service.rpc("ping").abortSignal(signal);
    return { ok: !error, status };
  }, deadlineMs);
  return { ok: supabase.ok, service: "backend", version, timestamp: new Date().toISOString(), supabase };
}
