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
  supabase: { ok: boolean; latencyMs: number };
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
  const started = performance.now();
  const ok = await service
    .rpc("ping")
    .abortSignal(AbortSignal.timeout(deadlineMs))
    .then(
      ({ error }) => error === null,
      () => false,
    );
  return {
    ok,
    service: "backend",
    version,
    timestamp: new Date().toISOString(),
    supabase: { ok, latencyMs: Math.round(performance.now() - started) },
  };
}
