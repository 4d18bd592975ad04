import { expect, it } from "vitest";
import { principalFromClaims } from "./principal.ts";

const granted = (metadata?: unknown) => [...principalFromClaims({ sub: "user_1", metadata }).capabilities];

it("grants what the role claim says, and an operator's rights where there is none", () => {
  expect(granted({ role: "viewer" })).toEqual(["read"]);
  expect(granted({ role: "auditor" })).toEqual(["read", "audit"]);
  expect(granted({ role: "admin" })).toEqual(["read", "write", "audit", "admin"]);
  for (const absent of [undefined, null, {}, { role: null }, { plan: "pro" }])
    expect(granted(absent)).toEqual(["read", "write"]);
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

it("takes nothing from organization claims: anybody can be the admin of an organization of their own", () => {
  const claims = { sub: "user_1", o: { id: "org_1", rol: "admin", per: "manage" }, org_role: "org:admin" };
  expect(principalFromClaims(claims).role).toBe("operator");
});
