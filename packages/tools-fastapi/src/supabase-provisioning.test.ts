import { type Call, createPrincipal, type Role, type SmarterosError, uuidv7 } from "@smarteros/core";
import { type Handler, startWorker, TaskError, type Worker } from "@smarteros/queue";
import { supabaseTasks } from "@smarteros/queue/supabase";
import { asService, asUser } from "@smarteros/supabase";
import { importJWK, SignJWT } from "jose";
import postgres from "postgres";
import { afterAll, afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import type { Provisioning } from "./ports.ts";
import { tenantStatus, run as wireRun } from "./provisioning.ts";
import { supabaseProvisioning } from "./supabase-provisioning.ts";

// Against the embedded database, with a worker that plays what it is given.

const embedded = inject("embedded");
const superuser = postgres(embedded.superuserUrl, { max: 2, onnotice: () => undefined });
const project = { url: embedded.supabaseUrl, publishableKey: embedded.publishableKey };
const service = asService(project, embedded.secretKey);
afterAll(() => superuser.end());

let owner: string;
let tenantId: string;
let services: Provisioning;
const workers: Worker[] = [];
beforeEach(async () => {
  owner = `user_${crypto.randomUUID()}`;
  tenantId = await newTenant();
  services = await as(owner);
  await report("now");
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

let rut = 10_000_000;
async function newTenant(): Promise<string> {
  rut += 1;
  const [made] = await superuser<[{ id: string }]>`
    insert into public.tenants (rut, business_name, clerk_user_id)
    select ${rut} || '-' || digit, 'Los Andes SpA', ${owner}
    from unnest('{0,1,2,3,4,5,6,7,8,9,K}'::text[]) digit where smarteros.rut_ok(${rut} || '-' || digit) returning id`;
  return made.id;
}

/** Makes the workers' last report one of now, or of three minutes ago. */
async function report(when: "now" | "earlier") {
  await superuser`delete from public.provision_workers where true`;
  const seen = when === "now" ? "0 s" : "3 min";
  await superuser`insert into public.provision_workers (id, seen_at) values ('worker', now() - ${seen}::interval)`;
}

async function as(userId: string, role: Role = "operator"): Promise<Provisioning> {
  const token = await new SignJWT({ role: "authenticated", metadata: { role } })
    .setProtectedHeader({ alg: "RS256", kid: embedded.signingKey.kid ?? "" })
    .setIssuer(embedded.issuer)
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(await importJWK(embedded.signingKey, "RS256"));
  return supabaseProvisioning(asUser(project, token));
}

function callOf(signal = new AbortController().signal): Call {
  return {
    principal: createPrincipal(owner, "operator"),
    requestId: uuidv7(),
    invocationId: uuidv7(),
    signal,
  };
}

function work(handlers: Record<string, Handler>) {
  const worker = startWorker({
    store: supabaseTasks(service),
    workerId: crypto.randomUUID(),
    logger: { info: () => undefined, error: () => undefined },
    queues: { requests: { concurrency: 4, handlers } },
  });
  workers.push(worker);
}

const failure = (work: Promise<unknown>): Promise<SmarterosError> =>
  work.then(
    () => Promise.reject(new Error("it did not fail")),
    (thrown) => thrown,
  );
const register = () => superuser`
  insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
  values (${tenantId}, 'orders', ${`orders/${tenantId}`}, 'system')`;
const delivery = () => ({ tenantId, workflow: "orders", payload: { order: 7 }, deliveryId: uuidv7() });
/** Writes JSON with its keys in order, which a database reorders. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)}}`;
}
const planned = {
  service: "odoo",
  outcome: "create",
  external_id: null,
  duplicates: [],
  drift: null,
  missing_settings: [],
  error: null,
};

describe("runs", () => {
  test("are opened at once, read as the backend serializes them, and cancelled", async () => {
    const call = callOf();
    const run = await services.provision({ tenantId, services: ["odoo", "n8n"], createNew: false }, call);
    expect(wireRun.parse(run)).toEqual(run);
    expect(run).toMatchObject({ tenant_id: tenantId, status: "queued", requested_by: owner });
    expect(run.created_at).toMatch(/Z$/);
    expect(run.steps.map(({ service, action, state }) => [service, action, state])).toEqual([
      ["odoo", "provision", "queued"],
      ["n8n", "provision", "queued"],
    ]);
    expect(run).not.toHaveProperty("notice");
    const [stored] = await superuser`select request_id from public.provision_runs where id = ${run.run_id}`;
    expect(stored).toEqual({ request_id: call.requestId });
    expect(await services.cancel(run.run_id, callOf())).toMatchObject({ status: "cancelled" });
  });

  test("carry a notice with the remedy while no worker has reported for two minutes", async () => {
    await report("earlier");
    const notice =
      "No worker has reported for 3 minutes. Start apps/backend, or set up the cron route; see docs/provisioning.md.";
    const request = { tenantId, services: ["odoo" as const], createNew: false };
    expect(await services.provision(request, callOf())).toMatchObject({ notice });
    const status = await services.status(tenantId, callOf());
    expect(tenantStatus.parse(status)).toEqual(status);
    expect(status).toMatchObject({ notice, services: { odoo: { state: "queued", health: null } } });
    expect(status.runs).toHaveLength(1);
  });

  test("are found at their vendors by the addresses that a worker reported, and say what a person has left to do", async () => {
    const urls = {
      odoo: { "": "https://erp.example.test/odoo/res.company/{id}" },
      botpress: { bot: "https://app.botpress.example.test/bots/{id}", workspace: "javascript:alert({id})" },
    };
    const before = await superuser`select vendor, resource_urls from public.provision_vendors`;
    onTestFinished(async () => {
      for (const { vendor, resource_urls: each } of before)
        await superuser`update public.provision_vendors set resource_urls = ${superuser.json(each)} where vendor = ${vendor}`;
    });
    await service.rpc("report_worker", { p_id: "worker", p_resource_urls: urls });
    await superuser`
      update public.tenants set odoo_company_id = 70707, botpress_workspace_id = 'bot:b-1', n8n_project_id = 'tag:t1',
        services_enabled = services_enabled || '{"erp": true, "bot": true}'
      where id = ${tenantId}`;
    const status = async () => (await services.status(tenantId, callOf())).services;
    expect(await status()).toMatchObject({
      chatwoot: { url: null, left_to_do: [] },
      botpress: {
        url: "https://app.botpress.example.test/bots/b-1",
        left_to_do: ["publish_bot", "connect_inbox"],
      },
      odoo: {
        url: "https://erp.example.test/odoo/res.company/70707",
        left_to_do: ["invite_users", "tax_data"],
      },
      // It exists and is not wanted, and its worker reported no address.
      n8n: { url: null, left_to_do: [] },
    });
    await superuser`update public.tenants set botpress_workspace_id = 'workspace:1' where id = ${tenantId}`;
    expect((await status()).botpress).toMatchObject({ url: null });
    await superuser`update public.tenants set botpress_workspace_id = 'bot:../../admin?x=' where id = ${tenantId}`;
    expect((await status()).botpress).toMatchObject({ url: null });
    // A worker of an earlier release reports no addresses, and they stay.
    await service.rpc("report_worker", { p_id: "worker" });
    expect((await status()).odoo).toMatchObject({ url: "https://erp.example.test/odoo/res.company/70707" });
  });

  test("are refused with the backend's words", async () => {
    const open = () => services.provision({ tenantId, services: ["odoo"], createNew: false }, callOf());
    const said = async (work: Promise<unknown>) => {
      const { code, message } = await failure(work);
      return [code, message];
    };
    const { run_id } = await open();
    expect(await said(services.retry(run_id, callOf()))).toEqual([
      "conflict",
      "Nothing of this run failed, so nothing is to be tried.",
    ]);
    await services.cancel(run_id, callOf());
    expect(await said(services.cancel(run_id, callOf()))).toEqual([
      "conflict",
      "This run is over: there is nothing to cancel.",
    ]);
    await superuser`insert into public.provision_holds (tenant_id, vendor) values (${tenantId}, 'odoo')`;
    expect(await said(open())).toEqual([
      "conflict",
      "Held since the upgrade: odoo. Adopt what the tenant has at the vendor (services.adopt), or ask for a new one with createNew.",
    ]);
    const admin = await as("user_admin", "admin");
    const remove = () => admin.remove({ tenantId, services: ["n8n"] }, callOf());
    expect(await said(remove())).toEqual([
      "conflict",
      "The tenant is active. Delete it before its services are removed.",
    ]);
    await superuser`update public.tenants set active = false, deleted_at = '2026-01-01T00:00:00.123Z' where id = ${tenantId}`;
    expect(await said(open())).toEqual([
      "conflict",
      "The tenant is deleted. Restore it before provisioning.",
    ]);
    await superuser`update public.tenants set deleted_at = now() + interval '1 day' where id = ${tenantId}`;
    expect(await said(remove())).toEqual([
      "conflict",
      expect.stringMatching(
        /^Services may be removed 30 days after the deletion: from [\d-]+T[\d:.]+Z on\.$/,
      ),
    ]);
  });

  test("of another owner's tenant do not exist, nor does the tenant", async () => {
    const { run_id } = await services.provision({ tenantId, services: ["odoo"], createNew: false }, callOf());
    const other = await as(`user_${crypto.randomUUID()}`);
    const none = { tenantId, services: ["odoo" as const] };
    const codes = await Promise.all(
      [
        other.provision({ ...none, createNew: false }, callOf()),
        other.plan(none, callOf()),
        other.status(tenantId, callOf()),
        other.retry(run_id, callOf()),
        other.cancel(run_id, callOf()),
        other.trigger(delivery(), callOf()),
      ].map(async (work) => (await failure(work)).code),
    );
    expect(codes).toEqual(Array(6).fill("not_found"));
  });
});

describe("what a worker has to do", () => {
  test("is responded to with its result", async () => {
    await register();
    const seen: unknown[] = [];
    work({
      plan: async ({ payload }) => {
        seen.push(payload);
        return { result: { steps: [planned] } };
      },
      adopt: async ({ payload }) => ({
        result: { external_id: payload.external_id, name: "Los Andes", state: "active" },
      }),
      trigger: async ({ payload }) => {
        seen.push(payload);
        return { result: { status: 200, data: { done: true } } };
      },
    });
    const plan = await services.plan({ tenantId, services: ["odoo"] }, callOf());
    expect(plan).toEqual({ run_id: null, status: "planned", steps: [planned] });
    const admin = await as("user_admin", "admin");
    const adopted = await admin.adopt({ tenantId, service: "odoo", externalId: "7" }, callOf());
    expect(adopted).toEqual({
      tenant_id: tenantId,
      service: "odoo",
      external_id: "7",
      name: "Los Andes",
      state: "active",
    });
    const sent = delivery();
    expect(await services.trigger(sent, callOf())).toEqual({
      status: 200,
      data: { done: true },
      delivery_id: sent.deliveryId,
    });
    expect(seen).toEqual([
      { vendors: ["odoo"] },
      {
        workflow: "orders",
        path: `orders/${tenantId}`,
        payload: { order: 7 },
        delivery_id: sent.deliveryId,
      },
    ]);
    const [left] = await superuser`
      select payload, result from public.tasks where tenant_id = ${tenantId} and kind = 'trigger'`;
    expect(left).toEqual({ payload: {}, result: null });
  });

  test("ends with the worker's error, without text of a code that callers do not know", async () => {
    const codes = ["conflict", "not_a_code"];
    work({
      plan: async () => {
        throw new TaskError({
          problem: { code: codes.shift() ?? "", message: "It is taken." },
          retry: false,
        });
      },
    });
    const request = { tenantId, services: ["odoo" as const] };
    expect(await failure(services.plan(request, callOf()))).toMatchObject({
      code: "conflict",
      message: "It is taken.",
    });
    const unknown = await failure(services.plan(request, callOf()));
    expect(unknown.code).toBeUndefined();
    expect(unknown.message).not.toContain("taken");
  });

  test("is seen in the health of a status, which is asked for once in 30 s", async () => {
    let looks = 0;
    const probe = { ok: true, latency_ms: 3 };
    await superuser`delete from public.tasks where kind = 'health'`;
    work({
      health: async () => {
        looks += 1;
        return { result: { odoo: { process: probe, access: probe }, n8n: null } };
      },
    });
    for (let time = 1; time <= 2; time++) {
      const { services: standings } = await services.status(tenantId, callOf());
      expect(standings.odoo?.health).toEqual({ process: probe, access: probe });
      expect(standings.n8n?.health).toBeNull();
    }
    expect(looks).toBe(1);
  });

  test("is unavailable with the remedy where no worker is there, and abandoned", {
    timeout: 30_000,
  }, async () => {
    await report("earlier");
    expect(await failure(services.plan({ tenantId, services: ["odoo"] }, callOf()))).toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^No worker has reported for 3 minutes\. Start apps\/backend/),
    });
    const [task] =
      await superuser`select state from public.tasks where tenant_id = ${tenantId} and kind = 'plan'`;
    expect(task).toEqual({ state: "cancelled" });
  });

  test("is late where a worker is there, with what may have happened", { timeout: 30_000 }, async () => {
    await register();
    work({
      trigger: (_task, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", reject)),
    });
    expect(await failure(services.trigger(delivery(), callOf()))).toMatchObject({
      code: "upstream_timeout",
      message: expect.stringContaining("may have run"),
    });
  });

  test("has not run where no worker took it in time", { timeout: 30_000 }, async () => {
    await register();
    const { code, message } = await failure(services.trigger(delivery(), callOf()));
    expect(code).toBe("upstream_timeout");
    expect(message).not.toContain("may have run");
  });

  test.each([
    ["its worker failed without words", () => Promise.reject(new Error("the database is away"))],
    ["its result is there no more", async () => ({})],
  ])("may have run where %s", async (_, trigger) => {
    await register();
    work({ trigger });
    expect(await failure(services.trigger(delivery(), callOf()))).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("may have run"),
    });
  });

  test("gets the payload as it was sent, and its response is returned as it came", async () => {
    await register();
    const seen: string[] = [];
    work({
      trigger: async ({ payload }) => {
        seen.push(canonical(payload.payload));
        return { result: { status: 422, data: payload.payload, notice: "so" } };
      },
    });
    const texts = [
      '{"constructor":{"prototype":1},"toString":null,"__proto__":{"a":{"__proto__":[]}}}',
      '{"b":1,"a":2,"aa":3,"10":4,"9":5,"":6}',
      '{"numbers":[0.1,1e21,1e-7,1.7976931348623157e308,5e-324,-0.5,9007199254740993,12345678901234567890]}',
      '{"text":"Ñandú \\u2028 \\\\u0000 🇨🇱 \\"quoted\\" \\t\\u0001\\u007f","empty":[{},[],"",false]}',
    ];
    for (const text of texts) {
      const payload = JSON.parse(text);
      const response = await services.trigger({ ...delivery(), payload }, callOf());
      expect(seen.pop()).toBe(canonical(payload));
      expect(response).toMatchObject({ status: 422, notice: "so" });
      expect(canonical(response.data)).toBe(canonical(payload));
    }
  });

  test("is abandoned when the caller goes away", async () => {
    const caller = new AbortController();
    const left = failure(services.plan({ tenantId, services: ["odoo"] }, callOf(caller.signal)));
    const state = async () =>
      (await superuser`select state from public.tasks where tenant_id = ${tenantId} and kind = 'plan'`)[0]
        ?.state;
    await expect.poll(state).toBe("scheduled");
    caller.abort(new Error("gone"));
    await left;
    await expect.poll(state).toBe("cancelled");
  });
});

test("a workflow is registered by an administrator, and its path is one registration's", async () => {
  const admin = await as("user_admin", "admin");
  const registration = { tenantId, workflow: "orders", path: `orders/${tenantId}` };
  expect(await admin.register(registration, callOf())).toEqual({
    tenant_id: tenantId,
    workflow: "orders",
    path: `orders/${tenantId}`,
    registered_by: "user_admin",
    updated_at: expect.stringMatching(/Z$/),
  });
  const again = await failure(admin.register({ ...registration, workflow: "other" }, callOf()));
  expect(again).toMatchObject({ code: "conflict", message: expect.stringContaining("registered already") });
  expect(await failure(services.register(registration, callOf()))).toMatchObject({ code: "forbidden" });
});
