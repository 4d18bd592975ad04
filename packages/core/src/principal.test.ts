import { expect, it } from "vitest";
import { principalFromClaims } from "./principal.ts";

const granted = (metadata?: unknown) => [...principalFromClaims({ sub: "user_1", metadata }).capabilities];

it("grants the rights of the role claim, and an operator's without one", () => {
  expect(granted({ role: "viewer" })).toEqual(["read"]);
  expect(granted({ role: "auditor" })).toEqual(["read", "audit"]);
  expect(granted({ role: "admin" })).toEqual(["read", "write", "audit", "admin"]);
  for (const absent of [undefined, null, {}, { role: null }, { plan: "pro" }])
    expect(granted(absent)).toEqual(["read", "write"]);
});

it("shows all tenants to support and administrators only, and no audit log to support", () => {
  const seeing = ["viewer", "operator", "auditor", "support", "admin"].filter(
    (role) => principalFromClaims({ sub: "user_1", metadata: { role } }).seesAllTenants,
  );
  expect(seeing).toEqual(["support", "admin"]);
  expect(granted({ role: "support" })).toEqual(["read", "write"]);
});

it("maps the roles that the rules name, and refuses a missing role where the default is none", () => {
  const rules = { defaultRole: "none", roleMap: { owner: "admin", user: "operator" } } as const;
  const roleOf = (metadata?: unknown) => principalFromClaims({ sub: "user_1", metadata }, rules).role;
  expect(roleOf({ role: "owner" })).toBe("admin");
  expect(roleOf({ role: "user" })).toBe("operator");
  expect(roleOf({ role: "viewer" })).toBe("viewer");
  for (const metadata of [undefined, {}, { role: "Owner" }, { role: "constructor" }, { role: ["owner"] }])
    expect(() => roleOf(metadata), JSON.stringify(metadata)).toThrow(
      expect.objectContaining({ code: "forbidden" }),
    );
});

it("refuses a role that it does not know", () => {
  for (const metadata of [
    { role: "root" },
    { role: "" },
    { role: "Admin" },
    { role: ["admin"] },
    { role: 1 },
    "admin",
    [],
    { role: "constructor" },
    { role: "__proto__" },
  ]) {
    expect(() => granted(metadata), JSON.stringify(metadata)).toThrow(
      expect.objectContaining({ code: "forbidden" }),
    );
  }
});

it("refuses a token without a subject", () => {
  for (const sub of [undefined, null, "", "  ", 7, {}]) {
    expect(() => principalFromClaims({ sub })).toThrow(expect.objectContaining({ code: "unauthorized" }));
  }
});

it("ignores organization claims: any user can be the admin of an organization", () => {
  const claims = { sub: "user_1", o: { id: "org_1", rol: "admin", per: "manage" }, org_role: "org:admin" };
  expect(principalFromClaims(claims).role).toBe("operator");
});
