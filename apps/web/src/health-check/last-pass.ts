import type { SupabaseClient } from "@smarteros/supabase";

const timeoutMs = 3_000;

/** Builds a reader of the monitor's last evaluation of alerts: null for never, undefined where the database fails. */
export function lastPassReader(service: SupabaseClient): () => Promise<string | null | undefined> {
  return async () => {
    const { data, error } = await service
      .from("alert_states")
      .select("at")
      .eq("id", "monitor")
      .abortSignal(AbortSignal.timeout(timeoutMs))
      .maybeSingle();
    return error ? undefined : (data?.at ?? null);
  };
}
