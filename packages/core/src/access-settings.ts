import * as z from "zod";
import { isRole, type Role, type RoleRules, roles } from "./principal.ts";

/** Declares the environment variables of roles, quotas and the grace period, for the schema of an app. */
export const accessSettings = {
  DEFAULT_ROLE: z.enum(["operator", "none"], "must be operator or none").optional(),
  SMARTEROS_ROLE_MAP: z
    .string()
    .transform((text, context) => {
      const map: Record<string, Role> = {};
      for (const pair of text.split(",")) {
        const [name = "", role = "", ...rest] = pair.split(":").map((part) => part.trim());
        if (rest.length > 0 || name === "" || name.length > 100 || !isRole(role) || isRole(name)) {
          const message = `must be pairs such as owner:admin,user:operator; a role is one of ${roles.join(", ")}, and none of them can be given another meaning`;
          context.addIssue({ code: "custom", message, input: undefined });
          return z.NEVER;
        }
        map[name] = role;
      }
      return map;
    })
    .optional(),
  MAX_TENANTS_PER_OWNER: z.coerce
    .number("must be a number of tenants")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(100_000, "must be at most 100000")
    .optional(),
  DELETE_GRACE_DAYS: z.coerce
    .number("must be a number of days")
    .int("must be a whole number")
    .min(0, "must be at least 0")
    .max(3_650, "must be at most 3650")
    .optional(),
};

type AccessEnvironment = {
  DEFAULT_ROLE?: RoleRules["defaultRole"] | undefined;
  SMARTEROS_ROLE_MAP?: Record<string, Role> | undefined;
  MAX_TENANTS_PER_OWNER?: number | undefined;
  DELETE_GRACE_DAYS?: number | undefined;
};

/** Reads the role rules from an environment, with the default of each that is missing. */
export function roleRulesOf(env: AccessEnvironment): RoleRules {
  return { defaultRole: env.DEFAULT_ROLE ?? "operator", roleMap: env.SMARTEROS_ROLE_MAP ?? {} };
}

/** Reads the settings that SQL enforces as well, as the argument of the function `configure`. */
export function databaseSettingsOf(env: AccessEnvironment): Record<string, unknown> {
  const { DEFAULT_ROLE, SMARTEROS_ROLE_MAP, MAX_TENANTS_PER_OWNER, DELETE_GRACE_DAYS } = env;
  return {
    ...(DEFAULT_ROLE ? { default_role: DEFAULT_ROLE } : {}),
    ...(SMARTEROS_ROLE_MAP ? { role_map: SMARTEROS_ROLE_MAP } : {}),
    ...(MAX_TENANTS_PER_OWNER ? { max_tenants_per_owner: MAX_TENANTS_PER_OWNER } : {}),
    ...(DELETE_GRACE_DAYS === undefined ? {} : { delete_grace_days: DELETE_GRACE_DAYS }),
  };
}
