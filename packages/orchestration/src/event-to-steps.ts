import { flagOf, vendors } from "@smarteros/connectors";
import { isWanted } from "./drift.ts";
import type { NewRun, ProvisionedTenant, TenantEvent } from "./ports.ts";

/**
 * Converts an event of a tenant to the steps of a run; empty for an event that requires none. A restored tenant gets the
 * services that its flags turn on. A deleted tenant retains its services unless deprovisioning was requested.
 */
export function stepsOf({ type, payload }: TenantEvent, tenant: ProvisionedTenant): NewRun["steps"] {
  switch (type) {
    case "tenant.created":
      return changed({}, flagsIn(payload.services));
    case "tenant.services_changed":
      return changed(flagsIn(payload.before), flagsIn(payload.after));
    case "tenant.restored":
      return vendors
        .filter((vendor) => isWanted(tenant, vendor))
        .map((vendor) => ({ vendor, action: "provision" }));
    case "tenant.deprovision_requested":
      // Also where nothing is recorded: a creation may be under way, or its response may have been lost.
      return vendors.map((vendor) => ({ vendor, action: "disable" }));
    default:
      return [];
  }
}

function changed(before: Record<string, unknown>, after: Record<string, unknown>): NewRun["steps"] {
  return vendors.flatMap((vendor): NewRun["steps"] => {
    const [was, is] = [before[flagOf[vendor]] === true, after[flagOf[vendor]] === true];
    if (was === is) return [];
    return [{ vendor, action: is ? "provision" : "disable" }];
  });
}

const flagsIn = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};
