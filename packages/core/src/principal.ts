import type { Capability } from "./capability.ts";
import { SmarterosError } from "./errors.ts";

const capabilitiesOf = {
  viewer: ["read"],
  operator: ["read", "write"],
  auditor: ["read", "audit"],
  admin: ["read", "write", "audit", "admin"],
} as const satisfies Record<string, readonly Capability[]>;

export type Role = keyof typeof capabilitiesOf;

/** Who calls: `userId` is the token's subject and owns what the call creates. */
export type Principal = {
  readonly userId: string;
  readonly role: Role;
  readonly capabilities: ReadonlySet<Capability>;
};

/** Builds a principal of a known role. */
export function createPrincipal(userId: string, role: Role): Principal {
  return { userId, role, capabilities: new Set(capabilitiesOf[role]) };
}

/**
 * Reads the principal from the claims of a verified session token: `sub`, and the role in `metadata.role`, which is
 * operator where the claim is absent. Throws `unauthorized` without a subject and `forbidden` for any other role value.
 * The same rule stands in SQL as `smarteros.can()`.
 */
export function principalFromClaims(claims: { sub?: unknown; metadata?: unknown }): Principal {
  if (typeof claims.sub !== "string" || claims.sub.trim() === "") {
    throw new SmarterosError("unauthorized", "The session token names no user. Sign in again.");
  }
  return createPrincipal(claims.sub, roleFrom(claims.metadata));
}

function roleFrom(metadata: unknown): Role {
  if (metadata === undefined || metadata === null) return "operator";
  if (typeof metadata === "object" && !Array.isArray(metadata)) {
    const role = "role" in metadata ? metadata.role : undefined;
    if (role === undefined || role === null) return "operator";
    if (typeof role === "string" && Object.hasOwn(capabilitiesOf, role)) return role as Role;
  }
  throw new SmarterosError(
    "forbidden",
    "The session token carries a role that is not known here. Ask an administrator to set metadata.role to viewer, operator, auditor or admin.",
  );
}
