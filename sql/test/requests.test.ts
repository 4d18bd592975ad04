import { createClient } from "@supabase/supabase-js";
import { importJWK, SignJWT } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { as, asService, asUser, embedded, newOwner, sqlState, superuser, violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

type Row = Record<string, unknown>;
type Run = { id: string; tenant_id: string; requested_by: string; state: string };
type Task = { id: string; claim: string; kind: string; payload: Row; requested_by: string };
type Sql = Parameters<Parameters<typeof asUser>[1]>[0];

let owner: string;
let tenant: string;
beforeEach(async () => {
  owner = newOwner();
  tenant = await newTenant(owner);
});

async function newTenant(of: string): Promise<string> {
  const [made] = await superuser<[{ id: string }]>`
    insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Los Andes SpA', ${of}) returning id`;
  return made.id;
}

/** Calls a function as a user; resolves to its rows. */
const call = <T = Row>(who: string, role: string | undefined, name: string, args: Row) =>
  asUser(who, (sql) => rows<T>(sql, name, args), role);

async function rows<T>(sql: Sql, name: string, args: Row): Promise<T[]> {
  const keys = Object.keys(args);
  const named = keys.map((key, index) => `${key} => $${index + 1}`).join(", ");
  const values = Object.values(args).map((value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? sql.json(value as never) : value,
  );
  return [...(await sql.unsafe<never[]>(`select * from public.${name}(${named})`, values as never[]))] as T[];
}

const services = (vendors: string[], more: Row = {}) => ({
  p_tenant_id: tenant,
  p_vendors: vendors,
  ...more,
});
const request = (vendors: string[], more: Row = {}) =>
  call<Run>(owner, undefined, "request_services", services(vendors, more));
const trigger = (more: Row = {}) => ({
  p_tenant_id: tenant,
  p_workflow: "orders",
  p_payload: { order: 7 },
  p_delivery_id: crypto.randomUUID(),
  ...more,
});
const register = (workflow = "orders") => superuser`
  insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
  values (${tenant}, ${workflow}, ${`${workflow}/${tenant}`}, 'system')`;
const idOf = async (work: Promise<Row[]>) => String(Object.values((await work)[0] ?? {})[0]);
const take = (id: string, who = owner, role?: string) => call(who, role, "take_task", { p_id: id });
/** Claims a request, also while those of other tests wait. */
async function claimed(id: string): Promise<Task> {
  for (;;) {
    const tasks = await asService(
      (sql) => sql<Task[]>`select * from public.claim_tasks('requests', 'worker', 100)`,
    );
    const mine = tasks.find((task) => task.id === id);
    if (mine) return mine;
    if (tasks.length === 0) throw new Error("the request was not claimed");
  }
}
const complete = (task: Task, result: Row) =>
  asService((sql) => sql`select public.complete_tasks(${sql.json([{ ...task, result }] as never)})`);
const fail = ({ id, claim }: Task, error: Row) =>
  asService((sql) => sql`select public.fail_task(${id}, ${claim}, ${sql.json(error as never)}, false)`);
const stored = async (id: string) => (await superuser<Row[]>`select * from public.tasks where id = ${id}`)[0];
const raised = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    ({ code, message, detail, hint }) => ({ code, message, detail, hint }),
  );

describe("a request of services", () => {
  test("opens a run of the requester with a task for each vendor", async () => {
    const [run] = await request(["odoo", "n8n", "odoo"], { p_request_id: "request-1" });
    expect(run).toMatchObject({
      tenant_id: tenant,
      requested_by: owner,
      state: "queued",
      request_id: "request-1",
    });
    const tasks = await superuser`
      select queue, kind, tenant_id, requested_by, fair_key, payload, priority from public.tasks
      where tenant_id = ${tenant} order by queue`;
    expect([...tasks]).toEqual(
      ["n8n", "odoo"].map((queue) => ({
        queue,
        kind: "provision",
        tenant_id: tenant,
        requested_by: owner,
        fair_key: owner,
        payload: { run_id: run?.id },
        priority: 1,
      })),
    );
  });

  test("is the same run for many who request it concurrently, and another for other vendors", async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => request(["odoo"])));
    expect(new Set(runs.flat().map(({ id }) => id)).size).toBe(1);
    expect((await request(["odoo", "n8n"]))[0]?.id).not.toBe(runs[0]?.[0]?.id);
  });

  test("is refused for a deleted tenant, a held service and a vendor that is none", async () => {
    await superuser`insert into public.provision_holds (tenant_id, vendor) values (${tenant}, 'odoo'), (${tenant}, 'n8n')`;
    expect(await raised(request(["odoo", "chatwoot", "n8n"]))).toMatchObject({
      code: "P0001",
      message: "services_held",
      detail: "n8n, odoo",
    });
    for (const vendors of [["sap"], [], null, ["odoo", null], Array(101).fill("odoo")])
      expect(await sqlState(call(owner, undefined, "request_services", services(vendors as never)))).toBe(
        "22023",
      );
    await superuser`update public.tenants set active = false, deleted_at = now() where id = ${tenant}`;
    expect(await violated(request(["chatwoot"]))).toBe("tenant_deleted");
    expect([...(await superuser`select from public.provision_runs where tenant_id = ${tenant}`)]).toEqual([]);
  });

  test("for new ones releases the holds of its vendors and settles their creations as the requester's decision", async () => {
    await superuser`insert into public.provision_holds (tenant_id, vendor) values (${tenant}, 'odoo'), (${tenant}, 'n8n')`;
    await superuser`insert into public.provision_intents (tenant_id, vendor) values (${tenant}, 'odoo'), (${tenant}, 'n8n')`;
    expect(await request(["odoo"], { p_create_new: true })).toHaveLength(1);
    const holds =
      await superuser`select vendor from public.provision_holds where tenant_id = ${tenant} and released_at is null`;
    expect([...holds]).toEqual([{ vendor: "n8n" }]);
    const intents = await superuser`
      select vendor, settled_as, settled_by from public.provision_intents where tenant_id = ${tenant} order by vendor`;
    expect([...intents]).toEqual([
      { vendor: "n8n", settled_as: null, settled_by: null },
      { vendor: "odoo", settled_as: "person", settled_by: owner },
    ]);
  });
});

describe("a request of removal", () => {
  const remove = () => call<Run>("user_admin", "admin", "request_removal", services(["odoo"]));
  const deletedFor = (days: number) => superuser`
    update public.tenants set active = false, deleted_at = now() - make_interval(days => ${days}) where id = ${tenant}`;
  const grace = (days: number | null) =>
    days === null
      ? superuser`delete from smarteros.settings where name = 'delete_grace_days'`
      : asService((sql) => sql`select public.configure(${sql.json({ delete_grace_days: days })})`);

  test("waits for the end of the grace period, of 30 days or as many as are set", async () => {
    expect(await violated(remove())).toBe("tenant_active");
    await deletedFor(29);
    expect(await raised(remove())).toMatchObject({
      code: "P0001",
      message: "grace_not_over",
      detail: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      hint: "30",
    });
    await grace(29);
    expect(await remove()).toMatchObject([{ requested_by: "user_admin" }]);
    await grace(null);
    const [step] = await superuser`select action from public.provision_steps where tenant_id = ${tenant}`;
    expect(step).toEqual({ action: "remove" });
  });

  test("is refused for a held service", async () => {
    await deletedFor(31);
    await superuser`insert into public.provision_holds (tenant_id, vendor) values (${tenant}, 'odoo')`;
    expect(await violated(remove())).toBe("services_held");
  });

  test.each([-1, 3651, "7"])("takes no grace period of %j days", async (days) => {
    expect(await violated(grace(days as number))).toBe("settings_delete_grace_days");
  });
});

describe("a run", () => {
  test("is cancelled by its owner with what waits in line, and nothing else leaves the line", async () => {
    const [run] = await request(["odoo"]);
    const other = newOwner();
    const foreign = await newTenant(other);
    await call(other, undefined, "request_services", { p_tenant_id: foreign, p_vendors: ["odoo"] });
    await asService((sql) => sql`select smarteros.prepare_claim('odoo')`);
    expect(await call(owner, undefined, "request_cancel", { p_run_id: run?.id })).toMatchObject([
      { state: "cancelled" },
    ]);
    const tasks =
      await superuser`select tenant_id, state from public.tasks where tenant_id in (${tenant}, ${foreign}) order by state`;
    expect([...tasks]).toEqual([
      { tenant_id: tenant, state: "cancelled" },
      { tenant_id: foreign, state: "queued" },
    ]);
    const lines =
      await superuser`select fair_key, waiting from public.task_lines where queue = 'odoo' and fair_key in (${owner}, ${other})`;
    expect([...lines]).toEqual([{ fair_key: other, waiting: 1 }]);
    expect(await violated(call(owner, undefined, "request_cancel", { p_run_id: run?.id }))).toBe(
      "run_is_over",
    );
    expect(await violated(call(owner, undefined, "request_retry", { p_run_id: run?.id }))).toBe(
      "run_cancelled",
    );
  });

  test("of a tenant that was handed over is cancelled by the new owner, with the line of the former one", async () => {
    const [run] = await request(["odoo"]);
    await asService((sql) => sql`select smarteros.prepare_claim('odoo')`);
    const heir = newOwner("heir");
    await superuser`update public.tenants set clerk_user_id = ${heir} where id = ${tenant}`;
    expect(await call(heir, undefined, "request_cancel", { p_run_id: run?.id })).toHaveLength(1);
    expect([
      ...(await superuser`select from public.task_lines where queue = 'odoo' and fair_key = ${owner}`),
    ]).toEqual([]);
    expect(await call(owner, undefined, "request_cancel", { p_run_id: run?.id })).toEqual([]);
  });

  test("is tried again from what failed", async () => {
    const [run] = await request(["odoo", "n8n"]);
    expect(await violated(call(owner, undefined, "request_retry", { p_run_id: run?.id }))).toBe(
      "nothing_failed",
    );
    await superuser`update public.tasks set state = 'dead', finished_at = now(), error = '{"code": "auth"}' where tenant_id = ${tenant} and queue = 'odoo'`;
    const again = await call(owner, undefined, "request_retry", { p_run_id: run?.id });
    expect(again).toMatchObject([{ id: run?.id }]);
    const steps = await superuser`
      select s.state, t.state as task from public.provision_steps s join public.tasks t on t.id = s.task_id
      where s.run_id = ${run?.id ?? ""} order by s.vendor`;
    expect([...steps]).toEqual(Array(2).fill({ state: "queued", task: "scheduled" }));
  });
});

describe("many runs by a filter", () => {
  const fail = (code: string) => superuser`
    update public.tasks set state = 'dead', finished_at = now(), error = ${superuser.json({ code })}
    where queue = 'odoo' and kind = 'provision' and state in ('scheduled', 'queued')
      and tenant_id in (select id from public.tenants where clerk_user_id = ${owner})`;
  const tenants = async (count: number) => {
    const made = await Promise.all(Array.from({ length: count }, () => newTenant(owner)));
    for (const id of made)
      await call(owner, undefined, "request_services", { p_tenant_id: id, p_vendors: ["odoo"] });
    return made;
  };

  test("are tried again by one call, 100 each time, and only those of the caller", async () => {
    await tenants(120);
    await fail("auth");
    const other = newOwner();
    const foreign = await newTenant(other);
    await call(other, undefined, "request_services", { p_tenant_id: foreign, p_vendors: ["odoo"] });
    const failures = { p_vendor: "odoo", p_error: "auth", p_since: new Date(0).toISOString() };
    const retried = (filter: object) => call(owner, undefined, "request_retries", { ...filter });
    expect(await retried({ ...failures, p_dry_run: true })).toEqual([{ runs: 0, remaining: 120 }]);
    expect(await call(other, undefined, "request_retries", failures)).toEqual([{ runs: 0, remaining: 0 }]);
    expect(await retried({ ...failures, p_vendor: "n8n" })).toEqual([{ runs: 0, remaining: 0 }]);
    expect(await retried({ ...failures, p_error: "quota" })).toEqual([{ runs: 0, remaining: 0 }]);
    expect(await retried({ ...failures, p_since: "2100-01-01T00:00:00Z" })).toEqual([
      { runs: 0, remaining: 0 },
    ]);
    expect(await retried(failures)).toEqual([{ runs: 100, remaining: 20 }]);
    expect(await retried(failures)).toEqual([{ runs: 20, remaining: 0 }]);
    expect(await retried(failures)).toEqual([{ runs: 0, remaining: 0 }]);
    expect(await violated(retried({ p_vendor: "none" }))).toBe(`there is no vendor "none"`);
  });

  test("are compared for all tenants of the caller, and abandoned by the caller alone", async () => {
    const all = await idOf(call(owner, undefined, "request_reconciliation", { p_repair: true }));
    const one = await idOf(call(owner, undefined, "request_reconciliation", { p_tenant_id: tenant }));
    const admins = await idOf(call("user_admin", "admin", "request_reconciliation", { p_vendor: "odoo" }));
    const stored = await superuser`
      select id, tenant_id, payload from public.tasks where id = any (${[all, one, admins]})`;
    expect(
      Object.fromEntries(stored.map(({ id, tenant_id, payload }) => [id, [tenant_id, payload]])),
    ).toEqual({
      [all]: [null, { owner, vendor: null, after: null, repair: true }],
      [one]: [tenant, { owner, vendor: null, after: null, repair: false }],
      [admins]: [null, { owner: null, vendor: "odoo", after: null, repair: false }],
    });
    const taken = (who: string) => call(who, undefined, "take_task", { p_id: all });
    expect(await taken(newOwner())).toEqual([]);
    expect(await taken(owner)).toMatchObject([{ state: "scheduled" }]);
    expect(await call(newOwner(), undefined, "abandon_task", { p_id: all })).toEqual([
      { abandon_task: false },
    ]);
    expect(await call(owner, undefined, "abandon_task", { p_id: all })).toEqual([{ abandon_task: true }]);
  });

  test("are cancelled by one call, and only those of the caller", async () => {
    const made = await tenants(3);
    const other = newOwner();
    const foreign = await newTenant(other);
    await call(other, undefined, "request_services", { p_tenant_id: foreign, p_vendors: ["odoo"] });
    const cancelled = (filter: object) => call(owner, undefined, "request_cancels", { ...filter });
    expect(await cancelled({ p_dry_run: true })).toEqual([{ runs: 0, remaining: 3 }]);
    expect(await cancelled({ p_vendor: "n8n" })).toEqual([{ runs: 0, remaining: 0 }]);
    expect(await cancelled({ p_vendor: "odoo" })).toEqual([{ runs: 3, remaining: 0 }]);
    const states = await superuser`
      select tenant_id, state from public.provision_runs where tenant_id = any (${[...made, foreign]}) and state <> 'cancelled'`;
    expect([...states]).toEqual([{ tenant_id: foreign, state: "queued" }]);
  });
});

describe("a request whose result is waited for", () => {
  test("is an urgent task of one attempt that expires after 15 s", async () => {
    await register();
    const ids = await Promise.all([
      idOf(call(owner, undefined, "request_plan", services(["odoo", "n8n"]))),
      idOf(call(owner, undefined, "request_trigger", trigger())),
      idOf(
        call("user_admin", "admin", "request_adoption", {
          p_tenant_id: tenant,
          p_vendor: "odoo",
          p_external_id: "7",
        }),
      ),
    ]);
    const tasks = await superuser`
      select kind, requested_by, payload - 'delivery_id' as payload, fair_key, priority, max_attempts,
        round(extract(epoch from deadline_at - created_at))::integer as seconds
      from public.tasks where id = any (${ids}) order by kind`;
    const common = { fair_key: owner, priority: 0, max_attempts: 1, seconds: 15 };
    expect([...tasks]).toEqual([
      { kind: "adopt", requested_by: "user_admin", payload: { vendor: "odoo", external_id: "7" }, ...common },
      { kind: "plan", requested_by: owner, payload: { vendors: ["n8n", "odoo"] }, ...common },
      {
        kind: "trigger",
        requested_by: owner,
        payload: { workflow: "orders", path: `orders/${tenant}`, payload: { order: 7 } },
        ...common,
      },
    ]);
  });

  test("has its result for the requester alone", async () => {
    const id = await idOf(call("user_support", "support", "request_plan", services(["odoo"])));
    expect(await take(id, "user_support", "support")).toEqual([
      { state: "scheduled", result: null, error: null },
    ]);
    await complete(await claimed(id), { steps: [] });
    const over = { state: "succeeded", result: { steps: [] }, error: null };
    expect(await take(id, "user_support", "support")).toEqual([over]);
    expect(await take(id, "user_support", "support")).toEqual([over]);
    for (const who of [owner, newOwner()]) expect(await take(id, who)).toEqual([]);
    expect(await take(id, "user_admin", "admin")).toEqual([]);
    await superuser`update public.tasks set queue = 'odoo' where id = ${id}`;
    expect(await take(id, "user_support", "support")).toEqual([]);
  });

  test("of a workflow leaves nothing of it in the database once it is taken", async () => {
    await register();
    const [answered, failed] = await Promise.all(
      [1, 2].map(() => idOf(call(owner, undefined, "request_trigger", trigger()))),
    );
    const task = await claimed(answered!);
    expect(task.payload).toMatchObject({ payload: { order: 7 } });
    await complete(task, { status: 200, data: "hush" });
    expect(await stored(answered!)).toMatchObject({ payload: {} });
    expect(await take(answered!)).toEqual([
      { state: "succeeded", result: { status: 200, data: "hush" }, error: null },
    ]);
    expect(await take(answered!)).toEqual([{ state: "succeeded", result: null, error: null }]);
    const second = await superuser<Task[]>`select * from public.tasks where id = ${failed!}`;
    await fail(second[0]!, { code: "upstream_error", message: "hush" });
    expect(await take(failed!)).toMatchObject([
      { state: "dead", error: { code: "upstream_error", message: "hush" } },
    ]);
    const left =
      await superuser`select payload, result, error from public.tasks where id in (${answered!}, ${failed!})`;
    expect(JSON.stringify([...left])).not.toMatch(/hush|order/);
  });

  test("of a workflow leaves nothing where it is abandoned, and nothing after a minute where no one takes it", async () => {
    await register();
    const [abandoned, untaken] = await Promise.all(
      [1, 2].map(() => idOf(call(owner, undefined, "request_trigger", trigger()))),
    );
    const task = await claimed(abandoned!);
    expect(await call(owner, undefined, "abandon_task", { p_id: abandoned })).toEqual([
      { abandon_task: true },
    ]);
    await complete(task, { status: 200, data: "hush" });
    expect(await stored(abandoned!)).toMatchObject({ state: "succeeded", payload: {}, result: null });
    const [other] = await superuser<Task[]>`select * from public.tasks where id = ${untaken!}`;
    await complete(other!, { status: 200, data: "hush" });
    await asService((sql) => sql`select smarteros.prepare_claim('requests')`);
    expect(await stored(untaken!)).toMatchObject({ result: { data: "hush" } });
    await superuser`update public.tasks set finished_at = now() - interval '61 s' where id = ${untaken!}`;
    await asService((sql) => sql`select smarteros.prepare_claim('requests')`);
    expect(await stored(untaken!)).toMatchObject({ result: null });
  });

  test("is refused for what is not registered, deleted, taken or of another form", async () => {
    const adoption = { p_tenant_id: tenant, p_vendor: "odoo", p_external_id: "977" };
    const adopt = (more: Row = {}) =>
      call("user_admin", "admin", "request_adoption", { ...adoption, ...more });
    const run = (more: Row = {}) => call(owner, undefined, "request_trigger", trigger(more));
    expect(await violated(run())).toBe("workflow_not_registered");
    await register();
    for (const more of [{ p_delivery_id: "a b" }, { p_delivery_id: null }, { p_payload: null }])
      expect(await sqlState(run(more))).toBe("22023");
    expect(await sqlState(adopt({ p_external_id: "" }))).toBe("22023");
    await superuser`update public.tenants set odoo_company_id = 977 where id = ${await newTenant(newOwner())}`;
    expect(await violated(adopt())).toBe("external_id_taken");
    await superuser`update public.n8n_webhooks set removed_at = now() where tenant_id = ${tenant}`;
    expect(await violated(run())).toBe("workflow_not_registered");
    await superuser`update public.tenants set active = false, deleted_at = now() where id = ${tenant}`;
    expect(await violated(run())).toBe("tenant_deleted");
    expect(await violated(call(owner, undefined, "request_plan", services(["odoo"])))).toBe("tenant_deleted");
  });

  test("is one of at most 20 of a user, also concurrently; over or abandoned ones do not count", async () => {
    const plan = () => call(owner, undefined, "request_plan", services(["odoo"]));
    const made = await Promise.all(
      Array.from({ length: 30 }, () => plan().then((found) => idOf(Promise.resolve(found)), violatedBy)),
    );
    expect(made.filter((one) => one === "too_many_requests")).toHaveLength(10);
    const ids = made.filter((one) => one !== "too_many_requests");
    expect(await call(owner, undefined, "abandon_task", { p_id: ids[0] })).toEqual([{ abandon_task: true }]);
    expect(await call(owner, undefined, "abandon_task", { p_id: ids[0] })).toEqual([{ abandon_task: false }]);
    expect(await plan()).toHaveLength(1);
    expect(await violated(plan())).toBe("too_many_requests");
    await superuser`update public.tasks set deadline_at = now() - interval '1 s' where id = any (${ids})`;
    expect(await plan()).toHaveLength(1);
    expect(await stored(ids[1]!)).toMatchObject({ state: "expired" });
  });

  test("is abandoned by its requester alone, and leaves the line", async () => {
    const id = await idOf(call(owner, undefined, "request_plan", services(["odoo"])));
    await asService((sql) => sql`select smarteros.prepare_claim('requests')`);
    for (const [who, role] of [
      [newOwner(), undefined],
      ["user_admin", "admin"],
      ["user_support", "support"],
    ] as const)
      expect(await call(who, role, "abandon_task", { p_id: id })).toEqual([{ abandon_task: false }]);
    expect(await stored(id)).toMatchObject({ state: "queued" });
    expect(await call(owner, undefined, "abandon_task", { p_id: id })).toEqual([{ abandon_task: true }]);
    expect([
      ...(await superuser`select from public.task_lines where queue = 'requests' and fair_key = ${owner}`),
    ]).toEqual([]);
  });

  const violatedBy = (error: { message: string }) => error.message;
});

test("the health of vendors is one task for all who request it, with a result for 30 s", async () => {
  const health = (who: string, role: string) => idOf(call(who, role, "request_vendor_health", {}));
  const ids = await Promise.all([
    health("user_1", "viewer"),
    health("user_2", "auditor"),
    health("user_1", "viewer"),
  ]);
  expect(new Set(ids).size).toBe(1);
  const [id] = ids;
  expect(await stored(id!)).toMatchObject({
    requested_by: "system",
    tenant_id: null,
    dedupe_key: "health",
    priority: 0,
  });
  expect(await call("user_3", "viewer", "vendor_health", {})).toEqual([{ vendor_health: null }]);
  expect(await call("user_1", "operator", "abandon_task", { p_id: id })).toEqual([{ abandon_task: false }]);
  await superuser`update public.tasks set deadline_at = now() - interval '1 s' where id = ${id!}`;
  const fresh = await health("user_2", "viewer");
  expect(fresh).not.toBe(id);
  await complete(await claimed(fresh), { odoo: null });
  expect(await take(fresh, "user_3", "viewer")).toEqual([
    { state: "succeeded", result: { odoo: null }, error: null },
  ]);
  expect(await call("user_3", "viewer", "vendor_health", {})).toEqual([{ vendor_health: { odoo: null } }]);
  await superuser`update public.tasks set finished_at = now() - interval '31 s' where id = ${fresh}`;
  expect(await call("user_3", "viewer", "vendor_health", {})).toEqual([{ vendor_health: null }]);
});

test("a workflow is registered once by its path, and moved by its name", async () => {
  const put = (id: string, workflow: string, path: string) =>
    call("user_admin", "admin", "register_workflow", { p_tenant_id: id, p_workflow: workflow, p_path: path });
  const path = `a/${tenant}`;
  expect(await put(tenant, "orders", path)).toMatchObject([{ path, registered_by: "user_admin" }]);
  expect(await put(tenant, "orders", `${path}/2`)).toMatchObject([{ path: `${path}/2`, removed_at: null }]);
  expect(await sqlState(put(await newTenant(owner), "orders", `${path}/2`))).toBe("23505");
  expect(await violated(put(tenant, "Orders!", path))).toBe("n8n_webhooks_workflow_shape");
  expect(await put(crypto.randomUUID(), "orders", path)).toEqual([]);
});

describe("who may request", () => {
  const requests = async (): Promise<[string, Row, "write" | "admin"][]> => {
    await register();
    const [run] = await request(["chatwoot"]);
    return [
      ["request_services", services(["odoo"]), "write"],
      ["request_removal", services(["odoo"]), "admin"],
      ["request_retry", { p_run_id: run?.id }, "write"],
      ["request_cancel", { p_run_id: run?.id }, "write"],
      ["request_plan", services(["odoo"]), "write"],
      ["request_adoption", { p_tenant_id: tenant, p_vendor: "odoo", p_external_id: "7" }, "admin"],
      ["request_trigger", trigger(), "write"],
      ["register_workflow", { p_tenant_id: tenant, p_workflow: "a", p_path: `a/${tenant}` }, "admin"],
    ];
  };
  const written = async () => {
    const [counts] = await superuser`
      select (select count(*) from public.provision_runs where tenant_id = ${tenant}) as runs,
        (select count(*) from public.tasks where tenant_id = ${tenant} and state <> 'cancelled') as tasks,
        (select count(*) from public.n8n_webhooks where tenant_id = ${tenant}) as webhooks`;
    return { ...counts };
  };

  test("of another owner's tenant gets the same as of none, and changes nothing", async () => {
    const all = await requests();
    const before = await written();
    const stranger = newOwner("stranger");
    for (const [name, args, needs] of all) {
      if (needs === "admin") continue;
      const found = await call(stranger, "operator", name, args);
      expect([name, found.filter((row) => !Object.values(row).every((value) => value === null))]).toEqual([
        name,
        [],
      ]);
    }
    expect(await written()).toEqual(before);
  });

  test.each(["viewer", "auditor", "operator"])("a %s is refused what needs more", async (role) => {
    for (const [name, args, needs] of await requests()) {
      if (role === "operator" && needs === "write") continue;
      expect([name, await sqlState(call(owner, role, name, args))]).toEqual([name, "42501"]);
    }
  });

  test("an anonymous caller, the service role and a token without a subject are refused", async () => {
    for (const [name, args] of await requests()) {
      const states = await Promise.all([
        sqlState(as("anon", { sub: owner }, (sql) => rows(sql, name, args))),
        sqlState(as("service_role", {}, (sql) => rows(sql, name, args))),
        sqlState(as("authenticated", { metadata: { role: "admin" } }, (sql) => rows(sql, name, args))),
      ]);
      expect([name, states]).toEqual([name, Array(3).fill("42501")]);
    }
  });
});

describe("attacks straight at the REST API", () => {
  async function clientOf(sub: string, role = "operator") {
    const token = await new SignJWT({ role: "authenticated", metadata: { role } })
      .setProtectedHeader({ alg: "RS256", kid: embedded.signingKey.kid ?? "" })
      .setIssuer(embedded.issuer)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(await importJWK(embedded.signingKey, "RS256"));
    return createClient(embedded.supabaseUrl, embedded.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { headers: { Authorization: `Bearer ${token}` } },
    });
  }

  test("write no task, step, intent, line or queue, whoever sends them", async () => {
    const [run] = await request(["odoo"]);
    for (const role of ["operator", "support", "admin"]) {
      const client = await clientOf(owner, role);
      const task = {
        queue: "requests",
        kind: "trigger",
        tenant_id: tenant,
        fair_key: owner,
        requested_by: owner,
      };
      const attempts = await Promise.all([
        client.from("tasks").insert(task),
        client.from("tasks").update({ state: "succeeded" }).eq("tenant_id", tenant),
        client
          .from("provision_steps")
          .update({ external_id: "7", state: "succeeded" })
          .eq("run_id", run?.id ?? ""),
        client
          .from("provision_runs")
          .update({ state: "succeeded" })
          .eq("id", run?.id ?? ""),
        client.from("provision_intents").insert({ tenant_id: tenant, vendor: "odoo" }),
        client.from("provision_holds").update({ released_at: null }).eq("tenant_id", tenant),
        client.from("task_queues").update({ created_at: "2000-01-01" }).eq("name", "odoo"),
        client.from("task_lines").delete().eq("queue", "odoo"),
        client
          .from("n8n_webhooks")
          .insert({ tenant_id: tenant, workflow: "a", path: "a", registered_by: owner }),
      ]);
      expect(attempts.map(({ error }) => error?.code)).toEqual(Array(9).fill("42501"));
    }
  });

  test("store no payload of 300 KB, and read no task of another owner", async () => {
    await register();
    const client = await clientOf(owner);
    const noise = Array.from({ length: 9_000 }, () => crypto.randomUUID()).join("");
    const large = await client.rpc("request_trigger", trigger({ p_payload: { noise } }));
    expect(large.error?.code).toBe("23514");
    const same = await client.rpc("request_trigger", trigger({ p_payload: { noise: "x".repeat(300_000) } }));
    expect(same.error?.code).toBe("23514");
    const { data: id } = await client.rpc("request_trigger", trigger());
    const stranger = await clientOf(newOwner("stranger"));
    expect((await stranger.from("tasks").select("id").eq("id", id)).data).toEqual([]);
    expect((await stranger.rpc("take_task", { p_id: id })).data).toEqual([]);
  });

  test("of 10 000 requests leave 20 open tasks and one run", { timeout: 120_000 }, async () => {
    await asUser(
      owner,
      (sql) =>
        sql`do ${sql.unsafe(`$do$ begin for n in 1..5000 loop
        perform public.request_services('${tenant}', '{odoo}');
        begin perform public.request_plan('${tenant}', '{odoo}'); exception when sqlstate 'P0001' then null; end;
      end loop; end $do$`)}`,
    );
    const [counts] = await superuser`
      select (select count(*)::integer from public.provision_runs where tenant_id = ${tenant}) as runs,
        (select count(*)::integer from public.tasks where tenant_id = ${tenant} and queue = 'requests' and state <> 'expired') as requests`;
    expect(counts).toEqual({ runs: 1, requests: 20 });
  });
});

test("the policies themselves keep the functions to the tenants of their caller", async () => {
  const foreign = await newTenant(newOwner("foreign"));
  const [run] = await superuser<[{ id: string }]>`
    insert into public.provision_runs (tenant_id, requested_by) values (${foreign}, 'x') returning id`;
  await superuser`insert into public.provision_steps (run_id, tenant_id, vendor, action) values (${run.id}, ${foreign}, 'odoo', 'provision')`;
  await superuser`insert into public.provision_intents (tenant_id, vendor) values (${foreign}, 'odoo')`;
  await superuser`insert into public.provision_holds (tenant_id, vendor) values (${foreign}, 'odoo')`;
  await superuser`insert into public.tasks (queue, kind, tenant_id, fair_key, requested_by) values ('odoo', 'provision', ${foreign}, 'x', 'x')`;
  /** Runs a statement as a function of the caller would. */
  const inside = (work: (sql: Sql) => Promise<{ count: number }>) =>
    superuser.begin(async (sql) => {
      await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: owner, role: "authenticated" })}, true)`;
      await sql`set local role smarteros_fn`;
      return (await work(sql)).count;
    });
  const reached = await Promise.all([
    inside((sql) => sql`update public.provision_runs set state = 'running' where tenant_id = ${foreign}`),
    inside((sql) => sql`update public.provision_steps set state = 'running' where tenant_id = ${foreign}`),
    inside(
      (sql) =>
        sql`update public.provision_intents set settled_as = 'person', settled_at = now() where tenant_id = ${foreign}`,
    ),
    inside((sql) => sql`update public.provision_holds set released_at = now() where tenant_id = ${foreign}`),
    inside((sql) => sql`update public.tasks set result = '{}' where tenant_id = ${foreign}`),
    inside((sql) => sql`select from public.tasks where tenant_id = ${foreign}`),
  ]);
  expect(reached).toEqual(Array(6).fill(0));
  const inserted = await Promise.all([
    sqlState(
      inside(
        (sql) =>
          sql`insert into public.provision_runs (tenant_id, requested_by) values (${foreign}, ${owner})`,
      ),
    ),
    sqlState(
      inside(
        (sql) =>
          sql`insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by) values (${foreign}, 'a', 'a', ${owner})`,
      ),
    ),
    sqlState(
      inside(
        (sql) =>
          sql`insert into public.tasks (queue, kind, tenant_id, fair_key, requested_by) values ('odoo', 'provision', ${foreign}, ${owner}, ${owner})`,
      ),
    ),
    sqlState(
      inside(
        (sql) =>
          sql`insert into public.tasks (queue, kind, fair_key, requested_by) values ('requests', 'trigger', 'system', 'system')`,
      ),
    ),
    sqlState(inside((sql) => sql`insert into public.task_queues (name) values ('mine')`)),
  ]);
  expect(inserted).toEqual(Array(5).fill("42501"));
});
