import type { Vendor } from "@smarteros/connectors/vendors";
import { countOf, type SupabaseClient } from "@smarteros/supabase";

/** Counts holds that the current user may see: of one vendor or all, open, released or both. */
export async function countHolds(
  client: SupabaseClient,
  { vendor, open }: { vendor?: Vendor; open?: boolean },
  signal: AbortSignal,
): Promise<number> {
  let holds = client
    .from("provision_holds")
    .select("tenant_id", { count: "exact" })
    .limit(1)
    .abortSignal(signal);
  if (vendor) holds = holds.eq("vendor", vendor);
  if (open === true) holds = holds.is("released_at", null);
  if (open === false) holds = holds.not("released_at", "is", null);
  return countOf(await holds);
}
