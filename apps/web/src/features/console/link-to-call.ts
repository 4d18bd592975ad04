import type { TenantInvocation } from "@smarteros/observability";
import { fragmentOf } from "./share.ts";

type Call = Pick<TenantInvocation, "tool" | "args" | "redacted">;

/**
 * Returns the address that opens a call in Herramientas with the same arguments. They are in the fragment, which reaches
 * no server log. Undefined where the record does not hold the original arguments.
 */
export function linkToCall({ tool, args, redacted }: Call): string | undefined {
  if (redacted || typeof args !== "object" || args === null) return undefined;
  return `/dashboard/mcp${fragmentOf(tool, JSON.stringify(args, null, 2))}`;
}
