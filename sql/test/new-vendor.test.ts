import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { migrate } from "../src/index.ts";
import { violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";
import { copyOfSource, newMigratedDatabase } from "./scratch.ts";

// A sixth vendor is one migration with one call, as docs/connectors.md says.
const owner = "user_vendor";

/** Migrates a database that has one tenant to a release with the vendor `sap` and its flag `ledger`. */
async function databaseWithSap() {
  const { url, sql } = await newMigratedDatabase();
  const newTenant = async (services = {}) => {
    const [tenant] = await sql<[{ id: string; services_enabled: object }]>`
      insert into public.tenants (rut, business_name, clerk_user_id, services_enabled)
      values (${anyRut()}, 'Demo Ltda', ${owner},
        (select jsonb_object_agg(flag, false) from public.provision_vendors) || ${sql.json(services)})
      returning id, services_enabled`;
    return tenant;
  };
  const { id: earlier } = await newTenant({ crm: true });
  const source = await copyOfSource();
  const added = "select smarteros.add_vendor('sap', 'ledger');";
  await writeFile(new URL("migrations/9999_sap.sql", source), added);
  await migrate({ url, source });

  const service = async (tenant: string) => {
    const [found] = await sql`
      select wanted, external_id, state from public.tenant_services where tenant_id = ${tenant} and vendor = 'sap'`;
    return found;
  };
  /** Claims the task of the vendor's queue and ends it with a result. */
  const work = async (result: Record<string, unknown>) => {
    const [task] = await sql`select id, claim, kind from public.claim_tasks('sap', 'worker of the test', 1)`;
    await sql`select public.complete_tasks(${sql.json([{ id: task?.id, claim: task?.claim, result }] as never)})`;
    return task?.kind;
  };
  const runStep = async (tenant: string, action: "provision" | "remove", externalId: string | null) => {
    const [run] = await sql<[{ id: string }]>`
      select id from public.open_provision_run(${tenant}, ${sql.json([{ vendor: "sap", action }])}, 'user_worker')`;
    await work({ external_id: externalId, created: true });
    return run.id;
  };
  return { sql, earlier, newTenant, service, runStep, work };
}

test("tenants from before have the new flag as false, without an event", async () => {
  const { sql, earlier, service } = await databaseWithSap();
  const [row] = await sql`select services_enabled from public.tenants where id = ${earlier}`;
  expect(row?.services_enabled).toEqual({
    crm: true,
    bot: false,
    erp: false,
    workflows: false,
    kpi: false,
    ledger: false,
  });
  const events = await sql`select type from public.tenant_events where tenant_id = ${earlier}`;
  expect([...events]).toEqual([{ type: "tenant.created" }]);
  expect(await service(earlier)).toEqual({ wanted: false, external_id: null, state: "absent" });
});

test("a new tenant has the flag by default, and the next change of a flag is an event again", async () => {
  const { sql, service } = await databaseWithSap();
  const [row] = await sql`
    insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Demo Ltda', ${owner})
    returning id, services_enabled`;
  expect(row?.services_enabled).toHaveProperty("ledger", false);
  await sql`update public.tenants set services_enabled = services_enabled || '{"ledger": true}' where id = ${row?.id}`;
  expect(await service(row?.id)).toMatchObject({ wanted: true });
  const events = await sql`select type from public.tenant_events where tenant_id = ${row?.id} order by id`;
  expect(events.map(({ type }) => type)).toEqual(["tenant.created", "tenant.services_changed"]);
});

test.each([
  [{ ledger: "yes" }, "tenants_services_enabled_boolean_flags"],
  [{ unknown: true }, "tenants_services_enabled_known_flags"],
])("flags %j are refused", async (services, constraint) => {
  const { newTenant } = await databaseWithSap();
  expect(await violated(newTenant(services))).toBe(constraint);
});

test("its id is recorded with success, found as taken, and removed with the service", async () => {
  const { sql, newTenant, service, runStep } = await databaseWithSap();
  const [one, other] = [await newTenant(), await newTenant()];
  await runStep(one.id, "provision", "company/7");
  expect(await service(one.id)).toEqual({ wanted: false, external_id: "company/7", state: "active" });
  await expect(sql`select public.adopt_service(${other.id}, 'sap', 'company/7')`).rejects.toThrow(
    "external_id_taken",
  );
  await sql`select public.adopt_service(${one.id}, 'sap', 'company/8')`;
  expect(await service(one.id)).toMatchObject({ external_id: "company/8" });
  await runStep(one.id, "remove", null);
  expect(await service(one.id)).toMatchObject({ external_id: null });
});

test("its id leaves the tenant when the run that made it is undone", async () => {
  const { sql, newTenant, service, work } = await databaseWithSap();
  const tenant = await newTenant();
  const steps = sql.json([{ vendor: "sap", action: "provision" }]);
  const [run] = await sql`select id from public.open_provision_run(${tenant.id}, ${steps}, 'user_worker')`;
  const [task] = await sql`select id, claim from public.claim_tasks('sap', 'worker of the test', 1)`;
  await sql`select public.cancel_provision_run(${run?.id})`;
  const result = { external_id: "company/9", created: true };
  await sql`select public.complete_tasks(${sql.json([{ ...task, result }] as never)})`;
  expect(await service(tenant.id)).toMatchObject({ external_id: "company/9" });
  expect(await work({})).toBe("undo");
  expect(await service(tenant.id)).toMatchObject({ external_id: null });
});

test("an id with spaces or controls is refused", async () => {
  const { sql, newTenant } = await databaseWithSap();
  const tenant = await newTenant();
  expect(await violated(sql`select public.adopt_service(${tenant.id}, 'sap', 'a b')`)).toBe(
    "tenant_service_ids_external_id_shape",
  );
});
