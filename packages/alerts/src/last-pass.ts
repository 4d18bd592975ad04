import type { SupabaseClient } from "@smarteros/supabase";

const timeoutMs = 3_000;

/**
 * Reads the time of the monitor's last evaluation of alerts, as the service role: null for never, undefined where the
 * database fails.
 */
export async function readLastPass(service: SupabaseClient): Promise<string | null | undefined> {
  const { data, error } = await service
    .from("alert_states")
    .select("at")
    .eq("id", "monitor")
    .abortSignal(AbortSignal.timeout(timeoutMs))
    .maybeSingle();
  return error ? undefined : (data?.at ?? null);
}
