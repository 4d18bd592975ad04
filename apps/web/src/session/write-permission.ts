import type { Principal } from "@smarteros/core";
import { requireServices } from "../app-context.ts";

/** Whether the viewer may change tenants here, and if not, why: the tools are off, or the role only looks. */
export type Writing = "possible" | "disabled" | "not_permitted";

export function writingOf(principal: Principal): Writing {
  if (!principal.capabilities.has("write")) return "not_permitted";
  return requireServices().settings.enabled ? "possible" : "disabled";
}
