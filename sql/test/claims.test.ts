import { expect, test } from "vitest";
import { as, newOwner, superuser } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

const sub = newOwner("claims");

test.each([
  ["no metadata", { sub }, "operator"],
  ["metadata null", { sub, metadata: null }, "operator"],
  ["metadata empty", { sub, metadata: {} }, "operator"],
  ["role null", { sub, metadata: { role: null } }, "operator"],
  ["viewer", { sub, metadata: { role: "viewer" } }, "viewer"],
  ["operator", { sub, metadata: { role: "operator" } }, "operator"],
  ["auditor", { sub, metadata: { role: "auditor" } }, "auditor"],
  ["admin", { sub, metadata: { role: "admin" } }, "admin"],
  ["unknown role", { sub, metadata: { role: "owner" } }, null],
  ["another case", { sub, metadata: { role: "Admin" } }, null],
  ["white space", { sub, metadata: { role: "admin " } }, null],
  ["empty role", { sub, metadata: { role: "" } }, null],
  ["role a number", { sub, metadata: { role: 1 } }, null],
  ["role true", { sub, metadata: { role: true } }, null],
  ["role a list", { sub, metadata: { role: ["admin"] } }, null],
  ["role an object", { sub, metadata: { role: { admin: true } } }, null],
  ["metadata a string", { sub, metadata: "admin" }, null],
  ["metadata a list", { sub, metadata: [{ role: "admin" }] }, null],
  ["metadata a number", { sub, metadata: 0 }, null],
  ["metadata false", { sub, metadata: false }, null],
  ["no sub", { metadata: { role: "admin" } }, null],
  ["sub empty", { sub: "", metadata: { role: "admin" } }, null],
  ["sub blank", { sub: "  ", metadata: { role: "admin" } }, null],
  ["sub null", { sub: null, metadata: { role: "admin" } }, null],
  ["sub a number", { sub: 7, metadata: { role: "admin" } }, null],
  ["an organization's admin", { sub, org_role: "org:admin", o: { rol: "admin" } }, "operator"],
  ["a role of user metadata", { sub, user_metadata: { role: "admin" } }, "operator"],
])("%s", async (_, claims, role) => {
  const [found] = await as("authenticated", claims, (sql) => sql`select smarteros.role_of_claims() as role`);
  expect(found).toEqual({ role });

  await superuser`insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Demo', ${sub})`;
  const tenants = await as("authenticated", claims, (sql) => sql`select from public.tenants`);
  expect(tenants.length > 0).toBe(role !== null);
});

test.each([
  ["viewer", { read: true, write: false, audit: false, admin: false }],
  ["operator", { read: true, write: true, audit: false, admin: false }],
  ["auditor", { read: true, write: false, audit: true, admin: false }],
  ["admin", { read: true, write: true, audit: true, admin: true }],
  ["owner", { read: false, write: false, audit: false, admin: false }],
])("what %s may", async (role, capabilities) => {
  const [found] = await as(
    "authenticated",
    { sub, metadata: { role } },
    (sql) => sql`
    select smarteros.can('read') as read, smarteros.can('write') as write, smarteros.can('audit') as audit,
      smarteros.can('admin') as admin`,
  );
  expect(found).toEqual(capabilities);
});

test("no principal has an unknown or empty capability", async () => {
  const [found] = await as(
    "authenticated",
    { sub, metadata: { role: "admin" } },
    (sql) => sql`
    select smarteros.can('root') as unknown, smarteros.can(null) as none`,
  );
  expect(found).toEqual({ unknown: false, none: false });
});
