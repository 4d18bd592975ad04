import type { TenantInvocation } from "@smarteros/observability/supabase";
import { fragmentOf } from "./share.ts";

type Call = Pick<TenantInvocation, "tool" | "args" | "redacted">;

/**
 * Where a call opens in Herramientas with the same arguments, which stand in the fragment so that they reach no server's
 * log. Undefined where the record does not hold them as they were.
 */
export function toolsLink({ tool, args, redacted }: Call): string | undefined {
  if (redacted || typeof args !== "object" || args === null) return undefined;
  return `/dashboard/mcp${fragmentOf(tool, JSON.stringify(args, null, 2))}`;
}
