import { flagOf, vendors } from "@smarteros/connectors";
import type { NewRun, TenantEvent } from "./ports.ts";

/** The steps that an event of a tenant calls for; none for an event that needs no work. */
export function stepsOf({ type, payload }: TenantEvent): NewRun["steps"] {
  const before = type === "tenant.services_changed" ? flagsIn(payload.before) : {};
  const after = flagsIn(type === "tenant.services_changed" ? payload.after : payload.services);
  if (type !== "tenant.services_changed" && type !== "tenant.created") return [];
  return vendors.flatMap((vendor): NewRun["steps"] => {
    const [was, is] = [before[flagOf[vendor]] === true, after[flagOf[vendor]] === true];
    if (was === is) return [];
    return [{ vendor, action: is ? "provision" : "disable" }];
  });
}

const flagsIn = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};
