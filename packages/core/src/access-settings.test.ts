import { expect, it } from "vitest";
import * as z from "zod";
import { accessSettings, databaseSettingsOf, roleRulesOf } from "./access-settings.ts";

const parse = (env: Record<string, string>) => z.object(accessSettings).safeParse(env);

it("reads the default role, the names of roles, the quota and the grace period", () => {
  const parsed = parse({
    DEFAULT_ROLE: "none",
    SMARTEROS_ROLE_MAP: "owner:admin, user:operator",
    MAX_TENANTS_PER_OWNER: "5",
    DELETE_GRACE_DAYS: "0",
  });
  const map = { owner: "admin", user: "operator" };
  expect(roleRulesOf(parsed.data ?? {})).toEqual({ defaultRole: "none", roleMap: map });
  expect(databaseSettingsOf(parsed.data ?? {})).toEqual({
    default_role: "none",
    role_map: map,
    max_tenants_per_owner: 5,
    delete_grace_days: 0,
  });
});

it("changes nothing where nothing is set", () => {
  expect(roleRulesOf({})).toEqual({ defaultRole: "operator", roleMap: {} });
  expect(databaseSettingsOf({})).toEqual({});
});

it.each([
  ["DEFAULT_ROLE", "admin"],
  ["DEFAULT_ROLE", ""],
  ["SMARTEROS_ROLE_MAP", ""],
  ["SMARTEROS_ROLE_MAP", "owner"],
  ["SMARTEROS_ROLE_MAP", "owner:root"],
  ["SMARTEROS_ROLE_MAP", "owner:admin:x"],
  ["SMARTEROS_ROLE_MAP", "viewer:admin"],
  ["SMARTEROS_ROLE_MAP", "owner:constructor"],
  ["MAX_TENANTS_PER_OWNER", "0"],
  ["MAX_TENANTS_PER_OWNER", "many"],
  ["DELETE_GRACE_DAYS", "-1"],
  ["DELETE_GRACE_DAYS", "1.5"],
])("refuses %s=%s", (name, value) => {
  expect(parse({ [name]: value }).success).toBe(false);
});
