import { SmarterosError } from "@smarteros/core";
import type { DatabaseError } from "@smarteros/supabase";
import type { Problem } from "./review.ts";

/** Makes the error of an RUT that another active tenant has; only its owner sees that tenant's id. */
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

/** Makes the error of switching the services of a deleted tenant. */
export function tenantDeleted(id: string, cause?: unknown): SmarterosError {
  return new SmarterosError(
    "conflict",
    `Tenant ${id} is deleted. Restore it before you switch its services.`,
    {},
    { cause },
  );
}

/** Makes the error of an owner at the maximum of tenants; `details` of the database's error is that number. */
export function quotaExceeded(cause: DatabaseError): SmarterosError {
  const limit = Number(cause.details);
  return new SmarterosError(
    "quota_exceeded",
    `You have ${limit} tenants, which is as many as one owner may have (MAX_TENANTS_PER_OWNER); a deleted one counts for 30 days. Ask an administrator for more.`,
    { limit },
    { cause },
  );
}

/** Makes the error of a row in review that still breaks a rule. */
export function stillWrong({ path, message }: Problem, cause?: unknown): SmarterosError {
  return new SmarterosError(
    "invalid_input",
    `${path}: ${message}`,
    { issues: [{ path, message }] },
    { cause },
  );
}
