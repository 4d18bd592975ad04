import { cached } from "@smarteros/core/cached";
import { type ProbeResult, probe } from "@smarteros/observability/health";
import { ping, type SupabaseClient } from "@smarteros/supabase";
import { version } from "./version.ts";

const timeoutMs = 2_000;
const ttlMs = 1_000;

/** The response of `GET /health`: `ok` where the database answers. */
export type Health = {
  ok: boolean;
  service: "backend";
  version: string;
  timestamp: string;
  supabase: ProbeResult;
};

/**
 * Builds the check: the database's `ping()` within 2 s. One run at a time, its result cached for 1 s, so that callers cannot
 * flood the database.
 */
export const healthCheck = (service: SupabaseClient): (() => Promise<Health>) =>
  cached(() => check(service), ttlMs);

async function check(service: SupabaseClient): Promise<Health> {
  const supabase = await probe((signal) => ping(service, signal), timeoutMs);
  return { ok: supabase.ok, service: "backend", version, timestamp: new Date().toISOString(), supabase };
}
