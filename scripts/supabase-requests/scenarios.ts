import { healthCheck as backendHealth } from "../../apps/backend/src/health.ts";
import { n8nWebhooks } from "../../apps/backend/src/n8n-webhooks.ts";
import { tenantReader } from "../../apps/backend/src/tenants.ts";
import { supabaseAuditLog } from "../../apps/monitor/src/audit-log.ts";
import { healthRollup } from "../../apps/monitor/src/health-rollup.ts";
import { probesOf } from "../../apps/monitor/src/probes.ts";
import { supabaseStore } from "../../apps/monitor/src/store.ts";
import { readAlertsPage } from "../../apps/web/src/features/alerts/read-alerts-page.ts";
import { readRuns } from "../../apps/web/src/features/runs/read-runs.ts";
import { readReview } from "../../apps/web/src/features/tenants/read-review.ts";
import { readTenants } from "../../apps/web/src/features/tenants/read-tenants.ts";
import { readUpgrade } from "../../apps/web/src/features/upgrade/read-upgrade.ts";
import { healthCheck as webHealth } from "../../apps/web/src/health-check/health.ts";
import { readLastPass, supabaseAlertEditor, supabaseAlerts } from "../../packages/alerts/src/supabase.ts";
import { alertTools } from "../../packages/alerts/src/tools.ts";
import type { Principal, StoredIntent, StoredInvocation } from "../../packages/core/src/index.ts";
import { pause } from "../../packages/core/src/pause.ts";
import { recentInvocations, tenantInvocations } from "../../packages/observability/src/audit/invocations.ts";
import {
  selfAuditStore,
  serviceAuditStore,
  supabaseCallCounts,
  supabaseCallLog,
  supabaseHealthLog,
} from "../../packages/observability/src/audit/supabase.ts";
import { supabaseProvisioning } from "../../packages/orchestration/src/supabase.ts";
import { supabaseTasks } from "../../packages/queue/src/supabase.ts";
import {
  asAnonymous,
  asService,
  asUser,
  ping,
  type SupabaseClient,
} from "../../packages/supabase/src/index.ts";
import { heldCursorAfter } from "../../packages/tools-fastapi/src/provisioning-log.ts";
import { supabaseChecklist, supabaseProvisioningLog } from "../../packages/tools-fastapi/src/supabase.ts";
import { supabaseProvisioning as requestedProvisioning } from "../../packages/tools-fastapi/src/supabase-provisioning.ts";
import { supabaseTenants } from "../../packages/tools-tenants/src/supabase.ts";
import { anyRut } from "../../sql/test/ruts.ts";
import type { Sender } from "./principals.ts";
import { type seed, seededRows } from "./seed.ts";

type Seeded = Awaited<ReturnType<typeof seed>>;
type Project = { url: string; publishableKey: string; secretKey: string };
export type World = { project: Project; senders: Map<string, Sender>; seeded: Seeded };

const { signal } = new AbortController();

/** Sends every form of the product's requests to Supabase once, grouped by subject. */
export function scenarios({ project, senders, seeded }: World): Record<string, () => Promise<unknown>> {
  const service = asService(project, project.secretKey);
  const as = (name: string) => asUser(project, senders.get(name)?.bearer ?? "");
  const session = (name: string, ...capabilities: string[]) => ({
    principal: principal(senders.get(name), capabilities),
    token: senders.get(name)?.bearer ?? "",
  });
  const call = (name: string, ...capabilities: string[]) => ({
    principal: principal(senders.get(name), capabilities),
    requestId: "request-1",
    invocationId: crypto.randomUUID(),
    signal,
  });
  const [tenant, second, third] = seeded.tenants.map(({ id }) => id) as [string, string, string];
  const [run, , , cancelled] = seeded.runs.map(({ id }) => id) as [string, string, string, string];

  return {
    "tools: tenants": () => tenants(as, call, seeded),
    "audit log": () => audit(as, service, tenant),
    "health and analytics": async () => {
      const log = supabaseHealthLog(as("admin"));
      await log.timeline({ days: 7, service: undefined }, signal);
      await log.timeline({ days: 7, service: "web" }, signal);
      const window = {
        service: "web",
        from: new Date(Date.now() + 60_000).toISOString(),
        to: new Date(Date.now() + 3_600_000).toISOString(),
        reason: "Upgrade",
      };
      const id = await log.createWindow(window, signal);
      await log.createWindow({ ...window, service: undefined }, signal);
      await log.endWindow(id, signal);
      const counts = supabaseCallCounts(as("operator-a"));
      const question = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
      await counts.summarize(
        { ...question, tool: undefined, user: undefined, tenantId: undefined } as never,
        signal,
      );
      await counts.summarize(
        { ...question, tool: "tenants.list", user: "user_operator_a", tenantId: undefined } as never,
        signal,
      );
      const ranking = supabaseCallCounts(as("auditor"));
      await ranking.rank("user", question as never, signal);
      await ranking.rank("tenant", { ...question, tool: "tenants.list" } as never, signal);
    },
    "tools: services and workflows": () =>
      services(service, as, (name) => call(name, "read", "write") as never, seeded),
    "queue: tasks and queues": () => queue(service, tenant),
    "provisioning: runs and steps": () => provisioning(service, { tenant, second, run, cancelled }),
    "backend: tenants, webhooks, health": async () => {
      const reader = tenantReader(service);
      const own = { userId: "user_operator_a", capabilities: new Set(["read"]) } as never;
      const admin = { userId: "user_admin", capabilities: new Set(["read", "admin"]) } as never;
      const page = await reader.list({ limit: 101, after: undefined }, own, signal);
      const last = page[2] as { created_at: string; id: string };
      await reader.list({ limit: 5, after: { createdAt: last.created_at, id: last.id } }, admin, signal);
      await reader.find(tenant, own, signal);
      const webhooks = n8nWebhooks(service);
      const registration = {
        tenantId: third,
        workflow: "orders",
        path: "orders/1",
        registeredBy: "user_operator_a",
      };
      await webhooks.register(registration, signal);
      await webhooks.register({ ...registration, path: "orders/2" }, signal);
      await webhooks.path(third, "orders", signal);
      await backendHealth(service)();
    },
    monitor: () => monitor(service, project),
    "web: pages": async () => {
      const admin = session("admin", "read", "write", "audit", "admin");
      const own = session("operator-a", "read", "write");
      await expectRead(readTenants(own, { search: "", deleted: false, cursor: "" } as never));
      await expectRead(readTenants(admin, { search: "Empresa 1", deleted: true, cursor: "" } as never));
      const reviewed = await expectRead(readReview(own, undefined));
      await expectRead(readReview(admin, reviewed.nextCursor));
      const held = await expectRead(readUpgrade(own, undefined));
      await expectRead(readUpgrade(admin, held.nextCursor));
      await expectRead(
        readUpgrade(own, heldCursorAfter({ wanted: true, tenant_id: tenant, vendor: "odoo" })),
      );
      const none = { search: "", tenant: "", state: "", vendor: "", who: "", cursor: "" };
      const first = await expectRead(readRuns(own, none as never));
      await expectRead(readRuns(own, { ...none, cursor: first.nextCursor } as never));
      await expectRead(
        readRuns(admin, {
          ...none,
          search: "Empresa 1",
          vendor: "botpress",
          state: "open",
          who: "me",
        } as never),
      );
      await expectRead(readRuns(own, { ...none, tenant, state: "trouble", who: "events" } as never));
      await expectRead(readRuns(own, { ...none, state: "queued", who: "people" } as never));
      await expectRead(readRuns(own, { ...none, error: "auth", since: "24h", who: "repairs" } as never));
      const log = supabaseProvisioningLog(as("operator-a"));
      await log.snapshot({ kind: "run", id: run }, signal);
      await log.snapshot({ kind: "tenant", id: tenant }, signal);
      await log.failedEvents(tenant, signal);
      await log.openBreakers(signal);
      const shown = await expectRead(
        readAlertsPage(admin, Date.now(), { history: undefined, deliveries: undefined }),
      );
      const counts = [shown.rules, shown.rules.filter((rule) => rule.mutedUntil), shown.targets, shown.open];
      const short = counts.filter(({ length }) => length < seededRows);
      if (short.length > 0) throw new Error(`the page of alerts shows ${counts.map(({ length }) => length)}`);
      const after = { at: "2026-01-09T23:50:00+00:00", id: "closed-10" };
      await expectRead(
        readAlertsPage(admin, Date.now(), {
          history: after,
          deliveries: { at: "2026-01-10T00:00:00+00:00", id: shown.deliveries.items[0]?.id ?? "" },
        }),
      );
      await readLastPass(service);
      await webHealth({
        settings: {} as never,
        ping: (signal) => ping(asAnonymous(project), signal),
        audit: () => ({}) as never,
      })();
    },
    "web: changes of alerts": () => changes(as("admin"), call("admin", "admin"), seeded.target),
  };
}

function principal(sender: Sender | undefined, capabilities: string[]): Principal {
  const userId = String(sender?.claims.sub);
  return {
    userId,
    capabilities: new Set(capabilities),
    seesAllTenants: capabilities.includes("admin"),
  } as unknown as Principal;
}

/** Returns the value of a page, or throws when it is missing. */
async function expectRead<Value>(
  read: Promise<{ ok: true; value: Value } | { ok: false; code: string; requestId: string }>,
): Promise<Value> {
  const result = await read;
  if (!result.ok) throw new Error(`a page was not read: ${result.code}`);
  return result.value;
}

async function tenants(
  as: (name: string) => SupabaseClient,
  call: (name: string, ...capabilities: string[]) => object,
  { tenants: rows }: Seeded,
) {
  await listTenants(
    supabaseTenants(as("operator-a")),
    call("operator-a", "read", "write") as never,
    rows.length,
  );
  const admins = supabaseTenants(as("admin"));
  const admin = call("admin", "read", "admin") as never;
  await admins.list(
    { limit: 101, after: undefined, includeInactive: false, search: undefined } as never,
    admin,
  );
  await changeTenants(supabaseTenants(as("operator-b")), call("operator-b", "read", "write") as never);
  await resolveTenants(supabaseTenants(as("operator-a")), call("operator-a", "read", "write") as never);
  await admins.listInReview({ limit: 101, after: undefined }, admin);
  const request = { from: "user_operator_a", to: "user_viewer" };
  await admins.handOver({ ...request, tenantIds: undefined, dryRun: true }, admin);
  await admins.handOver({ ...request, tenantIds: [rows.at(-1)?.id ?? ""], dryRun: false }, admin);
  await admins.handOver({ from: request.to, to: request.from, tenantIds: undefined, dryRun: false }, admin);
}

type Tenants = ReturnType<typeof supabaseTenants>;

async function listTenants(store: Tenants, own: never, count: number) {
  const all = { limit: 101, after: undefined, includeInactive: false, search: undefined };
  const page = await store.list(all as never, own);
  if (page.length !== count) throw new Error(`${page.length} of ${count} tenants were listed`);
  const last = page[2] as { created_at: string; id: string };
  const rest = {
    after: { createdAt: last.created_at, id: last.id },
    includeInactive: true,
    search: "Empresa",
  };
  await store.list({ limit: 5, ...rest } as never, own);
}

async function resolveTenants(store: Tenants, own: never) {
  const page = await store.listInReview({ limit: 101, after: undefined }, own);
  const [first, second, third] = page;
  if (page.length !== seededRows || !first || !second || !third)
    throw new Error(`${page.length} rows in review were listed`);
  await store.listInReview({ limit: 5, after: { createdAt: third.created_at, id: third.id } }, own);
  await store.resolve(first.id, {}, own).catch(() => undefined);
  const corrected = { rut: anyRut(), businessName: "Corregida", services: { crm: true } };
  await store.resolve(first.id, corrected, own);
  await store.resolve(second.id, { rut: corrected.rut }, own).catch(() => undefined);
}

async function changeTenants(store: Tenants, own: never) {
  const rut = anyRut();
  const created = await store.create({ rut, businessName: "Nueva", services: { crm: true } } as never, own);
  await store.create({ rut, businessName: "Nueva", services: {} } as never, own).catch(() => undefined);
  await store.find(created.id, own);
  await store.mergeServices(created.id, { erp: true } as never, own);
  await store.delete(created.id, { deprovision: false }, own);
  const again = await store.create({ rut, businessName: "Otra", services: {} } as never, own);
  await store.restore(created.id, own).catch(() => undefined);
  await store.delete(again.id, { deprovision: true }, own);
  await store.restore(created.id, own);
}

async function audit(as: (name: string) => SupabaseClient, service: SupabaseClient, tenantId: string) {
  const log = supabaseCallLog(as("auditor"));
  const filters = {
    user: "user_operator_a",
    tool: "tenants.list",
    tenantId,
    status: "ok",
    from: "2026-01-01T00:00:00Z",
    to: "2099-01-01T00:00:00Z",
  };
  const page = await log.search({}, { limit: 101 }, signal);
  const [found] = page;
  if (!found || page.length < seededRows) throw new Error(`${page.length} calls were found`);
  await log.search(filters, { limit: 5, after: { createdAt: found.at, id: found.id } }, signal);
  await log.search({ id: found.id, requestId: "none" }, { limit: 5 }, signal);
  const own = supabaseCallLog(as("operator-a"));
  await recentInvocations(own, "user_operator_a");
  await tenantInvocations(own, tenantId);
  const host = () => ({
    tools: ["tenants.list", "tenants.delete"],
    settings: { default_role: "operator", max_tenants_per_owner: 20 },
  });
  for (const store of [serviceAuditStore(service, host), selfAuditStore(as("operator-a"))]) {
    await store.insert([invocation(), invocation()]);
    await store.intend(intent());
  }
}

function invocation(): StoredInvocation {
  return {
    ...intent(),
    result: "{}",
    durationMs: 5,
    success: true,
    code: "ok",
    transport: "http",
    calls: 1,
    redacted: false,
  } as StoredInvocation;
}

function intent(): StoredIntent {
  return {
    id: crypto.randomUUID(),
    userId: "user_operator_a",
    tool: "tenants.delete",
    args: "{}",
    requestId: "request-1",
    createdAt: new Date(),
  };
}

/** Requests of the tools of services, with a worker for what waits for one. */
async function services(
  service: SupabaseClient,
  as: (name: string) => SupabaseClient,
  call: (name: string) => never,
  { tenants }: Seeded,
) {
  const store = supabaseTasks(service);
  const tenantId = tenants.at(-1)?.id ?? "";
  const [own, admin] = [requestedProvisioning(as("operator-a")), requestedProvisioning(as("admin"))];
  const [mine, admins] = [call("operator-a"), call("admin")];
  const registration = { tenantId, workflow: "requests", path: `requests/${tenantId}` };
  const odoo = { tenantId, services: ["odoo" as const] };
  /** Waits for a result that a worker has immediately. */
  async function served<Result>(waits: Promise<Result>, result: unknown): Promise<Result> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    waits.then(over, over);
    while (!isOver) {
      const [task] = await store.claim("requests", "worker-requests", 1);
      if (task) await store.complete([{ ...task, result }]);
      else await pause(50, signal);
    }
    return waits;
  }
  await store.configure("requests", { maxRunning: 32 });
  await service.rpc("report_worker", { p_id: "worker-requests" });
  await admin.register(registration, admins);
  const item = { tenantId, service: "odoo", item: "tax_data" } as const;
  const checklist = supabaseChecklist(as("operator-a"));
  for (const done of [true, false]) await checklist.check({ ...item, done }, signal);
  const run = await own.provision({ ...odoo, createNew: true }, mine);
  await own.retry(run.run_id, mine).catch(() => undefined);
  await own.cancel(run.run_id, mine);
  const filter = { vendor: "odoo", error: "auth", since: new Date(0).toISOString() } as const;
  await own.retryMatching({ ...filter, dryRun: true }, mine);
  await own.retryMatching({ dryRun: true }, mine);
  await own.cancelMatching({ ...filter, dryRun: true }, mine);
  await own.cancelMatching({ dryRun: true }, mine);
  const compared = { compared: 0, unread: 0, differences: [], next_after: null };
  await served(own.reconcile({ tenantId, vendor: "odoo", repair: true }, mine), compared);
  await served(own.reconcile({ repair: false, after: tenantId }, mine), compared);
  await admin.remove(odoo, admins).catch(() => undefined);
  await served(own.plan(odoo, mine), { steps: [] });
  await served(admin.adopt({ tenantId, service: "odoo", externalId: "7070" }, admins), {
    external_id: "7070",
    name: "Empresa",
    state: "active",
  });
  const delivery = { tenantId, workflow: "requests", payload: { a: 1 }, deliveryId: "delivery-1" };
  await served(own.trigger(delivery, mine), { status: 200, data: {} });
  await served(own.status(tenantId, mine), {});
  await own.status(tenantId, mine);
  const caller = new AbortController();
  const left = own.plan(odoo, { ...(mine as object), signal: caller.signal } as never).catch(() => undefined);
  setTimeout(() => caller.abort(new Error("gone")), 500);
  await left;
}

type Ids = { tenant: string; second: string; run: string; cancelled: string };

async function queue(service: SupabaseClient, tenantId: string) {
  const store = supabaseTasks(service);
  const task = { queue: "requests", kind: "work", requestedBy: "user_operator_a" };
  await store.configure("requests", { maxRunning: 5, maxPerKey: null, leaseMs: 30_000 });
  const [first = ""] = await store.enqueue([
    { ...task, tenantId, payload: { a: [1] }, dedupeKey: "one", runAt: new Date() },
    { ...task, priority: "urgent" },
    { ...task, priority: "low" },
  ]);
  const claimed = await store.claim("requests", "worker-requests", 5);
  const [one, two, three] = claimed;
  if (!one || !two || !three) throw new Error(`${claimed.length} tasks were claimed`);
  await store.renew([{ ...one, progress: { done: 1 } }, two]);
  await store.complete([{ ...one, result: { ok: true }, followUps: [task] }]);
  await store.fail(two, { problem: { code: "broken" }, retry: false, tripsBreaker: true });
  await store.postpone(three, 60_000, { waits: true });
  await store.read(first);
  await store.redrive({ queue: "requests", kind: "work", since: new Date(0), dryRun: true });
  await store.redrive({ queue: "requests" });
  await store.cancel(three.id);
  await store.pause("requests", true);
  await store.prune(new Date(0));
}

async function provisioning(service: SupabaseClient, { tenant, second, run, cancelled }: Ids) {
  const store = supabaseProvisioning(service);
  await store.report("worker-new", { odoo: { "": "https://odoo.example/{id}" } });
  await store.report("worker-new", { odoo: { "": "https://odoo.example/{id}" } });
  await store.run(run);
  await store.tenant(tenant);
  await store.services(tenant);
  await store.openRuns(tenant);
  const page = await store.toCompare({ tenants: 20 });
  if (page.length < 19) throw new Error(`${page.length} tenants were found`);
  const after = page.at(-1)?.tenant.id;
  await store.toCompare({ after, tenants: 50, owner: "user_operator_a", tenantId: tenant, vendor: "odoo" });
  await store.retryEvents([tenant]);
  const filter = {
    owner: "user_operator_a",
    vendor: "odoo",
    error: "auth",
    since: new Date(0).toISOString(),
  } as const;
  await store.retryMatching({ ...filter, dryRun: true });
  await store.retryMatching({ dryRun: true });
  await store.cancelMatching({ ...filter, dryRun: true });
  await store.cancelMatching({ dryRun: true });
  await store.noteDrift(tenant, ["odoo"], [
    { vendor: "odoo", kind: "renamed", externalId: "1", seenName: "X" },
  ] as never);
  await store.cancel(cancelled);
  await store.retry(run);
  await store.open({
    tenantId: second,
    steps: [{ vendor: "odoo", action: "provision" }],
    requestedBy: "user_operator_a",
  });
  const claimed = await supabaseTasks(service).claim("odoo", "worker-steps", 100);
  const task = claimed.find(({ tenantId }) => tenantId === second);
  if (!task) throw new Error("the step was not claimed");
  const intents = (await store.beginStep(task))?.intents;
  if (!intents) throw new Error("the step was not begun");
  await intents.open();
  await intents.open();
  await intents.begin();
  await intents.countEmptySearch();
  await intents.doubt();
  await intents.settle("refused");
  const events = await store.claimEvents(20);
  const [event] = events;
  if (!event) throw new Error("no event was claimed");
  await store.open({
    tenantId: second,
    steps: [{ vendor: "n8n", action: "disable" }],
    requestedBy: "system",
    eventId: event.id,
    requestId: "request-1",
  });
  await store.settleEvent(event.id);
  await store.settleEvent(events[1]?.id ?? 0, "it failed");
  await store.releaseHolds(second, ["chatwoot", "metabase"]);
  await store.isTaken("odoo", "1", second);
  await store.isTaken("n8n", "tag:1", tenant);
  await store.adopt(second, "chatwoot", "901");
  await store.adopt(second, "odoo", "1");
}

async function monitor(service: SupabaseClient, { url, secretKey }: Project) {
  const probes = probesOf({
    supabase: { url, serviceRoleKey: secretKey },
    connectors: {},
    urls: [],
  } as never);
  await probes[0]?.send({ signal, fetch: globalThis.fetch } as never);
  const store = supabaseStore(service);
  const row = {
    id: crypto.randomUUID(),
    service: "web",
    status: "ok",
    latency_ms: 5,
    error_message: null,
    metadata: { status: 200 },
    created_at: new Date().toISOString(),
  } as const;
  await store.insert([row, { ...row, id: crypto.randomUUID() }], signal);
  await store.insert([row], signal);
  await store.ensurePartitions(signal);
  await healthRollup(service, { downAfter: 3, upAfter: 2 })(signal);
  const log = supabaseAuditLog(service);
  await log.rollUp(signal);
  await log.seal(signal);
  const [seal] = await log.verify(undefined);
  await log.verify(seal?.hour);
  await log.dropExpired({ days: 365, sealed: false }, signal);
  await log.movePartitions(signal);
  const alerts = supabaseAlerts(service);
  const { version, state } = await alerts.read({ minutes: [5, 60], slowMs: [1000] }, signal);
  await alerts.store({ version, state, rules: [], incidents: [], notifications: [] }, signal);
  const [claimed, other] = await alerts.claim(signal);
  await alerts.end(
    { id: claimed?.id ?? "", delivered: true, status: 200, reason: null, retryAt: null },
    signal,
  );
  await alerts.end(
    {
      id: other?.id ?? "",
      delivered: false,
      status: 500,
      reason: "it failed",
      retryAt: new Date(Date.now() + 60_000),
    },
    signal,
  );
}

async function changes(client: SupabaseClient, call: object, target: string) {
  const ports = { alerts: supabaseAlertEditor(client), allowsInternalTargets: true };
  const inputs: Record<string, unknown> = {
    "alerts.saveRule": { id: "new-rule", kind: "probe" },
    "alerts.muteRule": { id: "new-rule", for: "1h" },
    "alerts.deleteRule": { id: "new-rule" },
    "alerts.addTarget": {
      name: "New target",
      secret: { kind: "webhook", url: "https://127.0.0.1/hook", secret: "0123456789abcdef0123456789abcdef" },
    },
    "alerts.testTarget": { id: target },
    "alerts.removeTarget": { id: target },
  };
  for (const [name, given] of Object.entries(inputs)) {
    const change = alertTools.find((one) => one.name === name);
    if (!change) throw new Error(`there is no change ${name}`);
    await change.handler({ input: change.input.parse(given), ports, call } as never);
  }
}
