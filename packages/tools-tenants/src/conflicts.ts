import { SmarterosError } from "@smarteros/core";

/** An active tenant with this RUT is there already; its id is told to its owner alone. */
export function activeTwin(existingId: string | undefined, cause?: unknown): SmarterosError {
  return new SmarterosError(
    "conflict",
    existingId
      ? `You already have an active tenant with this RUT: ${existingId}. Use it, or delete it first.`
      : "Its owner already has another active tenant with this RUT.",
    existingId ? { existingId } : {},
    { cause },
  );
}

/** A deleted tenant's services are not switched. */
export function tenantDeleted(id: string, cause?: unknown): SmarterosError {
  return new SmarterosError(
    "conflict",
    `Tenant ${id} is deleted. Restore it before you switch its services.`,
    {},
    { cause },
  );
}
