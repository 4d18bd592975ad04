import type { SupabaseClient } from "@smarteros/supabase";

const patienceMs = 3_000;

/** When a monitor last judged the alerts, null for never; undefined where the database does not say. */
export function lastPassReader(service: SupabaseClient): () => Promise<string | null | undefined> {
  return async () => {
    const { data, error } = await service
      .from("alert_states")
      .select("at")
      .eq("id", "monitor")
      .abortSignal(AbortSignal.timeout(patienceMs))
      .maybeSingle();
    return error ? undefined : (data?.at ?? null);
  };
}
