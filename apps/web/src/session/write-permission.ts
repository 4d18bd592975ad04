import type { Principal } from "@smarteros/core";
import { requireServices } from "../app-context.ts";

/** Whether the user may change tenants, or the reason not to: the tools are off, or the role is read-only. */
export type Writing = "possible" | "disabled" | "not_permitted";

export function writingOf(principal: Principal): Writing {
  if (!principal.capabilities.has("write")) return "not_permitted";
  return requireServices().settings.enabled ? "possible" : "disabled";
}
