import { expect, test } from "vitest";
import { asService, newOwner, sqlState, superuser, violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

type Row = Record<string, unknown>;
const both = ["chatwoot", "odoo"];

async function newTenant(): Promise<string> {
  const [tenant] = await superuser<[{ id: string }]>`
    insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Demo Ltda', ${newOwner()})
    returning id`;
  return tenant.id;
}

async function open(tenant: string, vendors = both, event: number | null = null, action = "provision") {
  const steps = vendors.map((vendor) => ({ vendor, action }));
  const rows = await asService(
    (sql) =>
      sql<
        Row[]
      >`select * from public.open_provision_run(${tenant}, ${sql.json(steps)}, 'user_worker', ${event})`,
  );
  return rows[0]?.id as string;
}
const begin = (run: string, vendor: string) =>
  asService((sql) => sql<Row[]>`select * from public.begin_provision_step(${run}, ${vendor})`);
const end = (run: string, vendor: string, state: string, more: Row = {}) => {
  const {
    id = null,
    created = false,
    kind = null,
    message = null,
    remedy = null,
  } = more as Record<string, string>;
  return asService(
    (sql) => sql<Row[]>`select * from public.end_provision_step(
      ${run}, ${vendor}, ${state}, ${id}, ${created}, '{}', ${kind}, ${message}, ${remedy})`,
  );
};
const runOf = async (run: string) =>
  (await superuser<Row[]>`select * from public.provision_runs where id = ${run}`)[0];
const stepsOf = (run: string) =>
  superuser<
    Row[]
  >`select vendor, state, attempts from public.provision_steps where run_id = ${run} order by vendor`;

test("a repeated request during an open run gets the same run, also concurrently", async () => {
  const tenant = await newTenant();
  const runs = await Promise.all(Array.from({ length: 8 }, () => open(tenant, both)));
  expect(new Set(runs).size).toBe(1);
  expect(await open(tenant, both.toReversed())).toBe(runs[0]);
  expect(await open(tenant, ["odoo"])).not.toBe(runs[0]);
  expect(await open(tenant, both, null, "disable")).not.toBe(runs[0]);
  expect(await open(await newTenant(), both)).not.toBe(runs[0]);
  for (const vendor of both) {
    await begin(runs[0]!, vendor);
    await end(runs[0]!, vendor, "succeeded", { id: "1" });
  }
  expect(await open(tenant, both)).not.toBe(runs[0]);
});

test("an event opens one run, whatever its outcome", async () => {
  const tenant = await newTenant();
  const [event] = await superuser<
    [{ id: number }]
  >`select id from public.tenant_events where tenant_id = ${tenant}`;
  const run = await open(tenant, ["n8n"], event.id);
  await begin(run, "n8n");
  await end(run, "n8n", "failed");
  expect(await open(tenant, ["n8n"], event.id)).toBe(run);
  expect(await open(tenant, ["n8n"])).not.toBe(run);
});

test("no run is opened for a missing tenant", async () => {
  expect(await open(crypto.randomUUID())).toBeUndefined();
});

test("one run at a time locks a tenant's vendor", async () => {
  const tenant = await newTenant();
  const [first, second] = [await open(tenant, ["odoo"]), await open(tenant, ["odoo", "n8n"])];
  await begin(first, "odoo");
  expect(await violated(begin(second, "odoo"))).toBe("provision_steps_one_at_a_time_key");
  expect(await sqlState(begin(second, "odoo"))).toBe("23505");
  await begin(second, "n8n");
  // The same run may begin it again after its worker died.
  expect(await begin(first, "odoo")).toMatchObject([{ attempts: 2 }]);
  await end(first, "odoo", "waiting");
  expect(await begin(second, "odoo")).toMatchObject([{ state: "running", attempts: 1 }]);
});

test("success writes the tenant's external id in the same transaction, and removal deletes it", async () => {
  const tenant = await newTenant();
  const ids = { chatwoot: "7", botpress: "bot:b1", odoo: "9", n8n: "tag:t1", metabase: "88" };
  const run = await open(tenant, Object.keys(ids));
  for (const [vendor, id] of Object.entries(ids)) {
    await begin(run, vendor);
    await end(run, vendor, "succeeded", { id, created: true });
  }
  const written = async () =>
    (
      await superuser<Row[]>`select chatwoot_inbox_id, botpress_workspace_id, odoo_company_id, n8n_project_id,
        metabase_dashboard_id from public.tenants where id = ${tenant}`
    )[0];
  expect(await written()).toEqual({
    chatwoot_inbox_id: 7,
    botpress_workspace_id: "bot:b1",
    odoo_company_id: 9,
    n8n_project_id: "tag:t1",
    metabase_dashboard_id: "88",
  });
  expect(await runOf(run)).toMatchObject({ state: "succeeded", finished_at: expect.any(Date) });

  const disabling = await open(tenant, ["odoo"], null, "disable");
  await begin(disabling, "odoo");
  await end(disabling, "odoo", "succeeded");
  expect(await written()).toMatchObject({ odoo_company_id: 9 });
  const removal = await open(tenant, ["odoo"], null, "remove");
  await begin(removal, "odoo");
  await end(removal, "odoo", "succeeded", { id: "9" });
  expect(await written()).toMatchObject({ odoo_company_id: null, chatwoot_inbox_id: 7 });
});

test.each([
  [["succeeded", "succeeded"], "succeeded"],
  [["succeeded", "unsupported"], "succeeded"],
  [["skipped", "skipped"], "succeeded"],
  [["succeeded", "failed"], "partial"],
  [["failed", "failed"], "failed"],
  [["succeeded", "waiting"], "running"],
  [["failed", "running"], "running"],
])("steps %j make a run %s", async (states, expected) => {
  const run = await open(await newTenant());
  for (const [index, vendor] of both.entries()) {
    await begin(run, vendor);
    await end(run, vendor, states[index] ?? "", { id: "1" });
  }
  const { state, finished_at } = (await runOf(run)) ?? {};
  expect(state).toBe(expected);
  expect(finished_at === null).toBe(expected === "running");
});

test("two last steps that end concurrently end the run", async () => {
  for (let round = 0; round < 10; round++) {
    const run = await open(await newTenant());
    await Promise.all(both.map((vendor) => begin(run, vendor)));
    await Promise.all(both.map((vendor) => end(run, vendor, "succeeded", { id: "1" })));
    expect(await runOf(run)).toMatchObject({ state: "succeeded" });
  }
});

test("an ended step does not end again, and its resource stays recorded", async () => {
  const run = await open(await newTenant(), ["odoo"]);
  await begin(run, "odoo");
  await end(run, "odoo", "waiting", {
    id: "9",
    created: true,
    kind: "unavailable",
    message: "x".repeat(900),
  });
  await begin(run, "odoo");
  expect(await end(run, "odoo", "succeeded")).toMatchObject([
    { external_id: "9", created: true, error_kind: null, error_message: null },
  ]);
  expect(await end(run, "odoo", "failed")).toEqual([]);
  expect(await begin(run, "odoo")).toEqual([]);
});

test("a retry queues the failed steps only", async () => {
  const run = await open(await newTenant(), ["chatwoot", "odoo", "n8n"]);
  await begin(run, "chatwoot");
  await end(run, "chatwoot", "succeeded", { id: "1" });
  await begin(run, "odoo");
  await end(run, "odoo", "failed", { kind: "auth", message: "no", remedy: "check_key" });
  const retried = await asService((sql) => sql<Row[]>`select * from public.retry_provision_run(${run})`);
  expect(retried).toMatchObject([{ state: "running", finished_at: null }]);
  expect([...(await stepsOf(run))]).toEqual([
    { vendor: "chatwoot", state: "succeeded", attempts: 1 },
    { vendor: "n8n", state: "queued", attempts: 0 },
    { vendor: "odoo", state: "queued", attempts: 1 },
  ]);
  expect(
    await asService((sql) => sql`select * from public.retry_provision_run(${crypto.randomUUID()})`),
  ).toEqual([]);
});

test("cancelling ends waiting steps; a running one completes, is not retried and can be undone", async () => {
  const tenant = await newTenant();
  const run = await open(tenant, ["chatwoot", "odoo", "n8n", "metabase"]);
  for (const vendor of ["chatwoot", "odoo", "n8n"]) await begin(run, vendor);
  const cancel = () => asService((sql) => sql<Row[]>`select * from public.cancel_provision_run(${run})`);
  expect(await cancel()).toMatchObject([{ state: "running", cancelled_at: expect.any(Date) }]);
  expect(await begin(run, "metabase")).toEqual([]);
  await end(run, "chatwoot", "waiting", { kind: "unavailable" });
  await end(run, "odoo", "succeeded", { id: "9", created: true });
  await end(run, "n8n", "succeeded", { id: "tag:old" });
  expect(await runOf(run)).toMatchObject({ state: "cancelled", finished_at: expect.any(Date) });
  expect(await cancel()).toEqual([]);
  const undo = (vendor: string) =>
    asService((sql) => sql<Row[]>`select * from public.undo_provision_step(${run}, ${vendor})`);
  expect(await undo("odoo")).toMatchObject([{ state: "undone", external_id: "9" }]);
  // The resource existed before this run.
  expect(await undo("n8n")).toEqual([]);
  expect([...(await stepsOf(run))].map(({ vendor, state }) => `${vendor} ${state}`)).toEqual([
    "chatwoot cancelled",
    "metabase cancelled",
    "n8n succeeded",
    "odoo undone",
  ]);
  const [ids] = await superuser<Row[]>`
    select odoo_company_id, n8n_project_id from public.tenants where id = ${tenant}`;
  expect(ids).toEqual({ odoo_company_id: null, n8n_project_id: "tag:old" });
  expect(await runOf(run)).toMatchObject({ state: "cancelled" });
});

test("an event is claimed by one worker, again after its lease, and five times at most", async () => {
  const tenant = await newTenant();
  const claim = (lease: string) =>
    asService(
      (sql) => sql<{ id: number; tenant_id: string }[]>`
        select id, tenant_id from public.claim_events(1000, ${lease}::interval)`,
    );
  const mine = (rows: { tenant_id: string }[]) => rows.filter((row) => row.tenant_id === tenant).length;
  const claims = await Promise.all([claim("1 hour"), claim("1 hour"), claim("1 hour")]);
  expect(claims.map(mine).sort()).toEqual([0, 0, 1]);
  expect(mine(await claim("1 hour"))).toBe(0);
  for (let attempt = 2; attempt <= 6; attempt++) {
    await superuser`update public.tenant_events set claimed_until = now() - interval '1 second' where tenant_id = ${tenant}`;
    expect(mine(await claim("1 hour"))).toBe(attempt <= 5 ? 1 : 0);
  }
  await superuser`update public.tenant_events set attempts = 0, claimed_until = null, processed_at = now()
    where tenant_id = ${tenant}`;
  expect(mine(await claim("1 hour"))).toBe(0);
});

test("invalid values are refused by name", async () => {
  const tenant = await newTenant();
  expect(await violated(open(tenant, ["sap"]))).toBe("provision_steps_vendor_known");
  expect(await violated(open(tenant, ["odoo"], null, "destroy"))).toBe("provision_steps_action_known");
  const run = await open(tenant, ["odoo"]);
  await begin(run, "odoo");
  expect(await violated(end(run, "odoo", "done"))).toBe("provision_steps_state_known");
  expect(await violated(end(run, "odoo", "failed", { kind: "oops" }))).toBe(
    "provision_steps_error_kind_known",
  );
  const webhook = (path: string) =>
    asService(
      (sql) => sql`insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
        values (${tenant}, 'orders', ${path}, 'user_admin')`,
    );
  for (const path of [
    "../rest/users",
    "/orders",
    "orders/",
    "a//b",
    "a?b",
    "https://evil.example",
    "a%2fb",
    "",
  ])
    expect(await violated(webhook(path))).toBe("n8n_webhooks_path_shape");
  await webhook("orders/new");
});

const hold = (tenant: string, vendor: string) =>
  superuser`insert into public.provision_holds (tenant_id, vendor) values (${tenant}, ${vendor})`;

test("a run leaves held services out, and none is opened when all are held", async () => {
  const tenant = await newTenant();
  await hold(tenant, "odoo");
  expect(await stepsOf(await open(tenant))).toMatchObject([{ vendor: "chatwoot", state: "queued" }]);
  for (const action of ["provision", "disable", "remove"])
    expect(await open(tenant, ["odoo"], null, action)).toBeUndefined();
  const released = await asService(
    (sql) => sql<Row[]>`select * from public.release_provision_holds(${tenant}, ${["odoo", "n8n"]})`,
  );
  expect([...released]).toEqual([{ release_provision_holds: "odoo" }]);
  expect(await stepsOf(await open(tenant, ["odoo"]))).toHaveLength(1);
});

test("a step of a service that was put on hold does not begin, and its run ends", async () => {
  const tenant = await newTenant();
  const run = await open(tenant, ["odoo"]);
  await hold(tenant, "odoo");
  expect(await begin(run, "odoo")).toHaveLength(0);
  expect(await stepsOf(run)).toMatchObject([{ state: "skipped", attempts: 0 }]);
  expect(await runOf(run)).toMatchObject({ state: "succeeded" });
});

test("an external id is adopted for one tenant, and ends only that service's hold", async () => {
  const [one, other] = await Promise.all([newTenant(), newTenant()]);
  for (const vendor of both) await hold(one, vendor);
  const adopt = (tenant: string, vendor: string, id: string) =>
    asService((sql) => sql<Row[]>`select * from public.adopt_service(${tenant}, ${vendor}, ${id})`);
  const id = String(100_000 + Math.floor(Math.random() * 1e9));
  expect(await adopt(one, "odoo", id)).toMatchObject([{ odoo_company_id: Number(id) }]);
  expect(await adopt(one, "odoo", id)).toHaveLength(1);
  expect(await violated(adopt(other, "odoo", id))).toBe("external_id_taken");
  expect(await violated(adopt(other, "n8n", "no kind"))).toBe("tenants_n8n_project_id_shape");
  expect(await adopt(crypto.randomUUID(), "odoo", String(Number(id) + 1))).toHaveLength(0);
  const held = await superuser`
    select vendor from public.provision_holds where tenant_id = ${one} and released_at is null`;
  expect([...held]).toEqual([{ vendor: "chatwoot" }]);
});
