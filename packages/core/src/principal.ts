import type { Capability } from "./capability.ts";
import { SmarterosError } from "./errors.ts";

const capabilitiesOf = {
  viewer: ["read"],
  operator: ["read", "write"],
  auditor: ["read", "audit"],
  support: ["read", "write"],
  admin: ["read", "write", "audit", "admin"],
} as const satisfies Record<string, readonly Capability[]>;

export type Role = keyof typeof capabilitiesOf;

/** Lists the names of all roles. */
export const roles = Object.keys(capabilitiesOf) as Role[];

/** Returns whether a text is the name of a role. */
export const isRole = (value: string): value is Role => Object.hasOwn(capabilitiesOf, value);

/** The caller: `userId` is the token's subject and owns what the call creates. */
export type Principal = {
  readonly userId: string;
  readonly role: Role;
  readonly capabilities: ReadonlySet<Capability>;
  /** True for the roles that read and change the tenants of every owner: support and admin. */
  readonly seesAllTenants: boolean;
};

/** The rules by which a role claim is read. */
export type RoleRules = {
  /** The role of a token without the claim; `none` refuses it. */
  defaultRole: "operator" | "none";
  /** Roles by the names that they have elsewhere. */
  roleMap: Readonly<Record<string, Role>>;
};

const defaultRoleRules: RoleRules = { defaultRole: "operator", roleMap: {} };

/** Builds a principal of a known role. */
export function createPrincipal(userId: string, role: Role): Principal {
  const seesAllTenants = role === "support" || role === "admin";
  return { userId, role, capabilities: new Set(capabilitiesOf[role]), seesAllTenants };
}

/**
 * Reads the principal from the claims of a verified session token: `sub`, and the role in `metadata.role`. Without a role
 * the default of the rules applies; another name is looked up in the rules' map. Throws `unauthorized` without a subject
 * and `forbidden` for any other role value. The SQL function `smarteros.role_of_claims()` applies the same rule.
 */
export function principalFromClaims(
  claims: { sub?: unknown; metadata?: unknown },
  rules: RoleRules = defaultRoleRules,
): Principal {
  if (typeof claims.sub !== "string" || claims.sub.trim() === "") {
    throw new SmarterosError("unauthorized", "The session token names no user. Sign in again.");
  }
  return createPrincipal(claims.sub, roleFrom(claims.metadata, rules));
}

function roleFrom(metadata: unknown, { defaultRole, roleMap }: RoleRules): Role {
  const given = roleClaim(metadata);
  if (given === undefined) {
    if (defaultRole !== "none") return defaultRole;
    throw new SmarterosError(
      "forbidden",
      "Your account has no role here yet. Ask an administrator to set metadata.role in your public metadata.",
    );
  }
  if (isRole(given)) return given;
  const mapped = Object.hasOwn(roleMap, given) ? roleMap[given] : undefined;
  if (mapped !== undefined) return mapped;
  throw new SmarterosError(
    "forbidden",
    `The session token carries a role that is not known here. Ask an administrator to set metadata.role to one of ${roles.join(", ")}.`,
  );
}

/** Reads the role claim as it was given: undefined where there is none, an empty text for what cannot be a role's name. */
function roleClaim(metadata: unknown): string | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  if (typeof metadata !== "object" || Array.isArray(metadata)) return "";
  const role = "role" in metadata ? metadata.role : undefined;
  if (role === undefined || role === null) return undefined;
  return typeof role === "string" ? role : "";
}
