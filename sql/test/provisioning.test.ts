import { beforeAll, expect, test } from "vitest";
import { asService, newOwner, superuser, violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

type Row = Record<string, unknown>;
const both = ["chatwoot", "odoo"];

beforeAll(() => superuser`update public.task_queues set max_running = 10000`);

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
type Claimed = { id: string; claim: string; queue: string; payload: { run_id: string } };
const tokens = new Map<string, Claimed>();
const keyOf = (run: string, vendor: string) => `${run} ${vendor}`;
const stepOf = (run: string, vendor: string) =>
  superuser<Row[]>`select * from public.provision_steps where run_id = ${run} and vendor = ${vendor}`;

/** Claims what a vendor's queue has, and returns the step if its task was claimed. */
async function begin(run: string, vendor: string): Promise<Row[]> {
  tokens.delete(keyOf(run, vendor));
  const claimed = await asService(
    (sql) => sql<Claimed[]>`select * from public.claim_tasks(${vendor}, 'worker of the test', 100)`,
  );
  for (const task of claimed) tokens.set(keyOf(task.payload.run_id, task.queue), task);
  return tokens.has(keyOf(run, vendor)) ? stepOf(run, vendor) : [];
}

/** Ends the claimed task of a step so that the step gets a state, and returns the step if the token counted. */
async function end(run: string, vendor: string, state: string, more: Row = {}): Promise<Row[]> {
  const task = tokens.get(keyOf(run, vendor));
  if (!task || state === "running") return [];
  const { id, created, kind = "unavailable", message, remedy } = more;
  const counted = await asService(async (sql) => {
    if (state === "failed" || state === "waiting") {
      const error = sql.json({ code: kind, message, remedy } as never);
      return sql`select * from public.fail_task(${task.id}, ${task.claim}, ${error}, ${state === "waiting"})`;
    }
    const result = { state, external_id: id, created };
    return sql`select * from public.complete_tasks(${sql.json([{ ...task, result }] as never)})`;
  });
  return counted.length > 0 ? stepOf(run, vendor) : [];
}
/** Makes the next attempt of a step due. */
const hurry = (run: string) => superuser`
  update public.tasks t set run_at = now() from public.provision_steps s where s.task_id = t.id and s.run_id = ${run}
    and t.state = 'scheduled'`;
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

test("a vendor's queue runs one task of a tenant at a time", async () => {
  const tenant = await newTenant();
  const [first, second] = [await open(tenant, ["odoo"]), await open(tenant, ["odoo", "n8n"])];
  expect(await begin(first, "odoo")).toMatchObject([{ state: "running", attempts: 1 }]);
  expect(await begin(second, "odoo")).toEqual([]);
  expect(await begin(second, "n8n")).toHaveLength(1);
  await end(first, "odoo", "waiting");
  expect(await begin(second, "odoo")).toMatchObject([{ state: "running", attempts: 1 }]);
});

test("a step whose worker died is tried again, and ends as failed without attempts left", async () => {
  const run = await open(await newTenant(), ["odoo"]);
  for (let attempts = 1; attempts <= 5; attempts++) {
    expect(await begin(run, "odoo")).toMatchObject([{ state: "running", attempts }]);
    await superuser`
      update public.tasks t set lease_until = now() - interval '1 s' from public.provision_steps s
      where s.task_id = t.id and s.run_id = ${run}`;
  }
  expect(await begin(run, "odoo")).toEqual([]);
  expect(await stepOf(run, "odoo")).toMatchObject([
    { state: "failed", error_kind: "unknown", error_message: "lease_ran_out", remedy: "check_worker" },
  ]);
  expect(await runOf(run)).toMatchObject({ state: "failed" });
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
  expect(await stepOf(run, "odoo")).toMatchObject([{ state: "waiting", error_message: "x".repeat(500) }]);
  await hurry(run);
  await begin(run, "odoo");
  expect(await end(run, "odoo", "succeeded", { id: "9", created: true })).toMatchObject([
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
    // A retry by a person has all attempts again.
    { vendor: "odoo", state: "queued", attempts: 0 },
  ]);
  expect(
    await asService((sql) => sql`select * from public.retry_provision_run(${crypto.randomUUID()})`),
  ).toEqual([]);
});

test("cancelling ends waiting steps and stops running ones; what completes all the same is undone", async () => {
  const tenant = await newTenant();
  const run = await open(tenant, ["chatwoot", "odoo", "n8n", "metabase"]);
  for (const vendor of ["chatwoot", "odoo", "n8n"]) await begin(run, vendor);
  const cancel = () => asService((sql) => sql<Row[]>`select * from public.cancel_provision_run(${run})`);
  expect(await cancel()).toMatchObject([{ state: "running", cancelled_at: expect.any(Date) }]);
  expect(await begin(run, "metabase")).toEqual([]);
  const { id = "", claim = "" } = tokens.get(keyOf(run, "chatwoot")) ?? {};
  const renewed = await asService(
    (sql) => sql`
    select cancelled from public.renew_tasks(${sql.json([{ id, claim }])})`,
  );
  expect([...renewed]).toEqual([{ cancelled: true }]);
  await end(run, "chatwoot", "waiting", { kind: "unavailable" });
  await end(run, "odoo", "succeeded", { id: "9", created: true });
  await end(run, "n8n", "succeeded", { id: "tag:old" });
  expect(await runOf(run)).toMatchObject({ state: "cancelled", finished_at: expect.any(Date) });
  expect(await cancel()).toEqual([]);
  // What the run created has a task that removes it; the resource at n8n existed before.
  await Promise.all(["odoo", "n8n"].map((vendor) => begin(run, vendor)));
  expect(tokens.get(keyOf(run, "odoo"))).toMatchObject({ kind: "undo" });
  expect(tokens.has(keyOf(run, "n8n"))).toBe(false);
  expect(await end(run, "odoo", "undone")).toMatchObject([{ state: "undone", external_id: "9" }]);
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

test("an event is claimed by one worker, again after its lease, and fails five times at most", async () => {
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
  const [event] = await superuser<
    { id: string }[]
  >`select id from public.tenant_events where tenant_id = ${tenant}`;
  const settle = (problem: string | null) =>
    asService((sql) => sql`select public.settle_event(${event?.id ?? ""}, ${problem})`);
  const leaseEnds = () =>
    superuser`update public.tenant_events set claimed_until = now() - interval '1 second' where tenant_id = ${tenant}`;
  // A worker that dies with it counts for nothing.
  for (let death = 0; death < 6; death++) {
    await leaseEnds();
    expect(mine(await claim("1 hour"))).toBe(1);
  }
  for (let attempt = 1; attempt <= 5; attempt++) {
    await settle("broken");
    await leaseEnds();
    expect(mine(await claim("1 hour"))).toBe(attempt < 5 ? 1 : 0);
  }
  const [retried] = await asService(
    (sql) => sql`select public.retry_events(array[${tenant}]::uuid[]) as events`,
  );
  expect(retried).toEqual({ events: 1 });
  expect(mine(await claim("1 hour"))).toBe(1);
  await settle(null);
  await leaseEnds();
  expect(mine(await claim("1 hour"))).toBe(0);
});

test("invalid values are refused by name", async () => {
  const tenant = await newTenant();
  expect(await violated(open(tenant, ["sap"]))).toBe("provision_steps_vendor_known");
  expect(await violated(open(tenant, ["odoo"], null, "destroy"))).toBe("provision_steps_action_known");
  const run = await open(tenant, ["odoo"]);
  await begin(run, "odoo");
  expect(await violated(end(run, "odoo", "done"))).toBe("provision_steps_state_known");
  expect(await end(run, "odoo", "failed", { kind: "oops" })).toMatchObject([{ error_kind: "unknown" }]);
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

test("a cancelled run goes on while a creation may have reached the vendor", async () => {
  const run = await open(await newTenant(), ["odoo"]);
  await begin(run, "odoo");
  const task = tokens.get(keyOf(run, "odoo"));
  const intend = (claim = task?.claim ?? "") =>
    asService((sql) => sql<Row[]>`select * from public.begin_creation(${task?.id ?? ""}, ${claim})`);
  expect(await intend(crypto.randomUUID())).toEqual([]);
  expect(await intend()).toMatchObject([{ vendor: "odoo", empty_searches: 0, settled_at: null }]);
  await asService((sql) => sql`select * from public.cancel_provision_run(${run})`);
  await end(run, "odoo", "waiting");
  expect(await stepOf(run, "odoo")).toMatchObject([{ state: "waiting" }]);
  expect(await runOf(run)).toMatchObject({ state: "running" });
  await hurry(run);
  await begin(run, "odoo");
  expect(tokens.get(keyOf(run, "odoo"))).toMatchObject({ kind: "undo" });
  await end(run, "odoo", "undone");
  expect(await stepOf(run, "odoo")).toMatchObject([{ state: "undone" }]);
  expect(await runOf(run)).toMatchObject({ state: "cancelled" });
});

test("a creation is not begun after the lease of its task ran out, and ends by known evidence", async () => {
  const run = await open(await newTenant(), ["odoo"]);
  await begin(run, "odoo");
  const { id = "", claim = "" } = tokens.get(keyOf(run, "odoo")) ?? {};
  const beginCreation = () => asService((sql) => sql`select * from public.begin_creation(${id}, ${claim})`);
  expect(await beginCreation()).toHaveLength(1);
  const settle = (as: string) =>
    asService((sql) => sql`select * from public.settle_creation(${id}, ${claim}, ${as})`);
  expect(await violated(settle("guessed"))).toBe("provision_intents_settled_as_known");
  expect(await settle("absent")).toHaveLength(1);
  await superuser`update public.tasks set lease_until = now() - interval '1 s' where id = ${id}`;
  expect(await beginCreation()).toHaveLength(0);
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

test("an adoption ends the step that stopped for it, and its run", async () => {
  const tenant = await newTenant();
  const run = await open(tenant, both);
  await Promise.all(both.map((vendor) => begin(run, vendor)));
  await end(run, "chatwoot", "succeeded", { id: "1" });
  await end(run, "odoo", "failed", { kind: "conflict", remedy: "confirm_creation" });
  expect(await runOf(run)).toMatchObject({ state: "partial" });
  const id = String(100_000 + Math.floor(Math.random() * 1e9));
  await asService((sql) => sql`select * from public.adopt_service(${tenant}, 'odoo', ${id})`);
  expect(await stepOf(run, "odoo")).toMatchObject([
    { state: "succeeded", external_id: id, created: false, error_kind: null, remedy: null },
  ]);
  expect(await runOf(run)).toMatchObject({ state: "succeeded" });
});
