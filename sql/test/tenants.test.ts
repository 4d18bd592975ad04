import type postgres from "postgres";
import { expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser, violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

type Tenant = {
  id: string;
  active: boolean;
  deleted_at: Date | null;
  services_enabled: Record<string, boolean>;
};

const allOff = { crm: false, bot: false, erp: false, workflows: false, kpi: false };
const missing = "00000000-0000-4000-8000-000000000000";

function create(sub: string, rut = anyRut(), name: string | null = "Demo Ltda", services: unknown = {}) {
  return asUser(
    sub,
    (sql) =>
      sql<
        Tenant[]
      >`select * from public.create_tenant(${rut}, ${name}, ${sql.json(services as postgres.JSONValue)})`,
  );
}

async function created(sub: string, rut = anyRut()): Promise<Tenant> {
  const [tenant] = await create(sub, rut);
  if (!tenant) throw new Error("create_tenant returned no row");
  return tenant;
}

function merge(sub: string, id: string, services: unknown, role?: string) {
  return asUser(
    sub,
    (sql) =>
      sql<Tenant[]>`select * from public.merge_services(${id}, ${sql.json(services as postgres.JSONValue)})`,
    role,
  );
}

function setActive(sub: string, id: string, active: boolean | null, role?: string) {
  return asUser(sub, (sql) => sql<Tenant[]>`select * from public.set_tenant_active(${id}, ${active})`, role);
}

test("a tenant belongs to the token's subject, its name trimmed, every flag there", async () => {
  const sub = newOwner();
  const [tenant] = await create(sub, "76086428-5", " \u00a0\tÑandú & Cía. Ltda\n", { bot: true });
  expect(tenant).toMatchObject({
    rut: "76086428-5",
    business_name: "Ñandú & Cía. Ltda",
    clerk_user_id: sub,
    services_enabled: { ...allOff, bot: true },
    active: true,
    deleted_at: null,
    chatwoot_inbox_id: null,
  });
});

test.each([
  ["a wrong check digit", { rut: "12345678-9" }, "tenants_rut_valid"],
  ["dots", { rut: "76.086.428-5" }, "tenants_rut_valid"],
  ["a line break after the RUT", { rut: "76086428-5\n" }, "tenants_rut_valid"],
  ["a name of one letter", { name: " a " }, "tenants_business_name_length"],
  ["a name of 121 letters", { name: "a".repeat(121) }, "tenants_business_name_length"],
  ["a bell in the name", { name: "Demo\u0007Ltda" }, "tenants_business_name_printable"],
  ["a line break in the name", { name: "Demo\nLtda" }, "tenants_business_name_printable"],
  ["C1 controls in the name", { name: "Demo\u0085Ltda" }, "tenants_business_name_printable"],
  ["text turned around", { name: "Demo \u202eadtL" }, "tenants_business_name_printable"],
  ["an unknown flag", { services: { mail: true } }, "tenants_services_enabled_known_flags"],
  ["a flag that is text", { services: { crm: "true" } }, "tenants_services_enabled_boolean_flags"],
  ["a flag that is null", { services: { crm: null } }, "tenants_services_enabled_boolean_flags"],
  ["flags in a list", { services: [{ crm: true }] }, expect.stringMatching(/^tenants_services_enabled_/)],
  ["flags of text", { services: "crm" }, expect.stringMatching(/^tenants_services_enabled_/)],
])(
  "%s is refused by name",
  async (_, { rut, name, services }: { rut?: string; name?: string; services?: unknown }, constraint) => {
    const sub = newOwner();
    expect(await violated(create(sub, rut ?? anyRut(), name ?? "Demo Ltda", services ?? {}))).toEqual(
      constraint,
    );
    expect(await superuser`select from public.tenants where clerk_user_id = ${sub}`).toHaveLength(0);
  },
);

test.each([
  "'); drop table public.tenants; --",
  "Robert'); truncate public.tenants cascade; --",
  "$$ || (select version()) || $$",
  "{{constructor}} $1 :name %s \\'",
])("text stays text: %s", async (name) => {
  const [tenant] = await create(newOwner(), anyRut(), name);
  expect(tenant).toMatchObject({ business_name: name.trim() });
});

test("an owner holds a RUT once, two owners may both hold it", async () => {
  const rut = anyRut();
  const sub = newOwner();
  await create(sub, rut);
  await create(newOwner(), rut);
  expect(await violated(create(sub, rut))).toBe("tenants_owner_rut_active_key");
  expect(await sqlState(create(sub, rut))).toBe("23505");
});

test("of ten concurrent creations one succeeds", async () => {
  const rut = anyRut();
  const sub = newOwner();
  const states = await Promise.all(Array.from({ length: 10 }, () => sqlState(create(sub, rut))));
  expect(states.filter((state) => state === undefined)).toHaveLength(1);
  expect(states.filter((state) => state === "23505")).toHaveLength(9);
});

test("twenty concurrent merges all take effect", async () => {
  const sub = newOwner();
  const { id } = await created(sub);
  const flags = Object.keys(allOff);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => merge(sub, id, { [flags[index % 5] ?? ""]: true })),
  );
  const [tenant] = await merge(sub, id, {});
  expect(tenant?.services_enabled).toEqual({ crm: true, bot: true, erp: true, workflows: true, kpi: true });
});

test("a merge of nothing changes nothing, not even updated_at", async () => {
  const sub = newOwner();
  const tenant = await created(sub);
  expect(await merge(sub, tenant.id, {})).toEqual([tenant]);
  expect(await merge(sub, tenant.id, { crm: false })).toEqual([tenant]);
  const [changed] = await merge(sub, tenant.id, { crm: true });
  expect(changed).not.toMatchObject({ updated_at: (tenant as unknown as { updated_at: Date }).updated_at });
});

test("a merge of an unknown flag is refused and leaves the tenant as it was", async () => {
  const sub = newOwner();
  const tenant = await created(sub);
  expect(await violated(merge(sub, tenant.id, { crm: true, mail: true }))).toBe(
    "tenants_services_enabled_known_flags",
  );
  expect(await merge(sub, tenant.id, {})).toEqual([tenant]);
});

test("another owner's tenant and a missing one look the same; an admin reaches both owners'", async () => {
  const { id } = await created(newOwner());
  const stranger = newOwner();
  expect(await merge(stranger, id, { crm: true })).toEqual([]);
  expect(await merge(stranger, missing, { crm: true })).toEqual([]);
  expect(await setActive(stranger, id, false)).toEqual([]);
  expect(await setActive(stranger, missing, false)).toEqual([]);
  expect(await merge(stranger, id, { crm: true }, "admin")).toMatchObject([
    { services_enabled: { ...allOff, crm: true } },
  ]);
  expect(await setActive(stranger, id, false, "admin")).toMatchObject([{ active: false }]);
});

test("deleting and restoring again change nothing", async () => {
  const sub = newOwner();
  const { id } = await created(sub);
  const [deleted] = await setActive(sub, id, false);
  expect(deleted).toMatchObject({ active: false, deleted_at: expect.any(Date) });
  expect(await setActive(sub, id, false)).toEqual([deleted]);
  const [restored] = await setActive(sub, id, true);
  expect(restored).toMatchObject({ active: true, deleted_at: null });
  expect(await setActive(sub, id, true)).toEqual([restored]);
});

test("a deleted tenant's services cannot change", async () => {
  const sub = newOwner();
  const { id } = await created(sub);
  await setActive(sub, id, false);
  await expect(merge(sub, id, { crm: true })).rejects.toMatchObject({
    code: "P0001",
    message: "tenant_deleted",
  });
  expect(await setActive(sub, id, true)).toMatchObject([{ services_enabled: allOff }]);
});

test("a tenant whose RUT another active tenant has cannot be restored", async () => {
  const sub = newOwner();
  const rut = anyRut();
  const { id } = await created(sub, rut);
  await setActive(sub, id, false);
  await create(sub, rut);
  expect(await violated(setActive(sub, id, true))).toBe("tenants_owner_rut_active_key");
});

test("setting a tenant active or inactive requires which of the two", async () => {
  const sub = newOwner();
  const { id } = await created(sub);
  expect(await violated(setActive(sub, id, null))).toBe("set_tenant_active_given");
});

test.each([
  ["botpress_workspace_id", "workspace:7f3a", "7f3a"],
  ["n8n_project_id", "project:crm-1", "crm-1"],
  ["metabase_dashboard_id", "42", ""],
  ["chatwoot_inbox_id", 3, 0],
  ["odoo_company_id", 3, -1],
])("the service writes %s in its shape alone", async (column, right, wrong) => {
  const { id } = await created(newOwner());
  const write = (value: string | number) =>
    asService(
      (sql) => sql`update public.tenants set ${sql({ [column]: value })} where id = ${id} returning *`,
    );
  expect(await write(right)).toMatchObject([{ [column]: right }]);
  expect(await violated(write(wrong))).toMatch(new RegExp(`^tenants_${column}_`));
});
