import { expect } from "vitest";
import { anyRut } from "../ruts.ts";
import { type Case, ids } from "./expect-table.ts";
import { functions } from "./expectations.ts";
import type { Fixture, Requests, Row } from "./fixture.ts";
import type { Outcome, Session } from "./transport.ts";

const refused = { sqlState: "42501" };

/** Functions with a tenant argument, and their arguments. */
const onTenant: Record<string, (id: string) => Row> = {
  merge_services: (id) => ({ p_id: id, p_services: { crm: true } }),
  set_tenant_active: (id) => ({ p_id: id, p_active: false }),
  resolve_tenant: (id) => ({ p_id: id }),
};

/** The other functions with the arguments of a user who claims to be `sub`. */
const onNothing: Record<string, (sub: string) => Row> = {
  ping: () => ({}),
  request_retries: () => ({ p_dry_run: true }),
  request_cancels: () => ({ p_dry_run: true }),
  // Of an owner without tenants; requests.test.ts tests their effect.
  retry_provision_runs: () => ({ p_owner: crypto.randomUUID() }),
  cancel_provision_runs: () => ({ p_owner: crypto.randomUUID() }),
  services_to_compare: () => ({ p_limit: 1 }),
  retry_events: () => ({ p_tenants: [crypto.randomUUID()] }),
  settle_event: () => ({ p_id: 0 }),
  report_worker: () => ({ p_id: `worker-${crypto.randomUUID()}` }),
  create_tenant: () => ({ p_rut: anyRut(), p_business_name: "Made Ltda", p_services: { kpi: true } }),
  record_invocations: (sub) => ({ p_rows: [{ user_id: sub, tool: "tenants.get", duration_ms: 1 }] }),
  record_my_invocations: () => ({ p_rows: [{ tool: "tenants.get", duration_ms: 1 }] }),
  record_intent: (sub) => ({ p_intent: { user_id: sub, tool: "tenants.delete" } }),
  record_my_intent: () => ({ p_intent: { tool: "tenants.delete" } }),
  ensure_partitions: () => ({ p_days_ahead: 7 }),
  move_default_rows: () => ({ p_rows: 1 }),
  compact_partitions: () => ({ p_rows: 1 }),
  register_tools: () => ({ p_names: ["tenants.get"] }),
  configure: () => ({ p_settings: {} }),
  // For owners without tenants; roles.test.ts tests its effect.
  hand_over_tenants: () => ({ p_from: `from-${crypto.randomUUID()}`, p_to: "to" }),
  roll_up_calls: () => ({ p_at_most: 1 }),
  summarize_calls: () => ({ p_from: "2026-01-01T00:00:00Z", p_to: "2026-01-02T00:00:00Z", p_step: 3600 }),
  rank_calls: () => ({ p_from: ago(24), p_to: ago(0), p_by: "user" }),
  roll_up_health: () => ({ p_down_after: 3, p_up_after: 2 }),
  health_timeline: () => ({ p_days: 90 }),
  // In the far future, because a window applies to every service, also to those of other tests.
  create_maintenance_window: () => ({
    p_starts_at: "2100-01-01T00:00:00Z",
    p_ends_at: "2100-01-01T01:00:00Z",
    p_reason: "matrix",
  }),
  drop_expired: () => ({ p_days: 36_500 }),
  seal_audit: () => ({ p_at_most: 1 }),
  verify_seals: () => ({ p_at_most: 1 }),
  save_alert_rule: () => ({ p_definition: { id: `rule-${crypto.randomUUID()}`, kind: "probe" } }),
  mute_alert_rule: () => ({ p_rule: `rule-${crypto.randomUUID()}`, p_until: "2030-01-01T00:00:00Z" }),
  add_alert_target: () => ({
    p_name: crypto.randomUUID(),
    p_kind: "slack",
    p_address: "hooks.example",
    p_settings: { kind: "slack", url: "http://127.0.0.1:9/nobody" },
  }),
  read_alerts: () => ({ p_minutes: [5], p_slow_ms: [2000] }),
  // For a version that does not exist and no rules; alerts.test.ts tests the real ones.
  store_alert_pass: () => ({
    p_version: -1,
    p_state: {},
    p_rules: [],
    p_incidents: [],
    p_notifications: [],
  }),
  claim_alert_deliveries: () => ({ p_limit: 0 }),
  end_alert_delivery: () => ({
    p_id: crypto.randomUUID(),
    p_delivered: true,
    p_status: 200,
    p_error: null,
    p_retry_at: null,
  }),
};

/** Functions with the argument of an existing rule or target. */
const onAlert: Record<string, (of: { rule: string; target: string }) => Row> = {
  delete_alert_rule: ({ rule }) => ({ p_id: rule }),
  remove_alert_target: ({ target }) => ({ p_id: target }),
  test_alert_target: ({ target }) => ({ p_id: target }),
};

/** Functions with the argument of a run or a maintenance window. */
const onRun: Record<string, (of: { run: string; tenant: string; window: string }) => Row> = {
  open_provision_run: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_steps: [{ vendor: "n8n", action: "provision" }],
    p_requested_by: "worker",
  }),
  cancel_provision_run: ({ run }) => ({ p_run_id: run }),
  retry_provision_run: ({ run }) => ({ p_run_id: run }),
  note_provision_drift: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_checked: ["odoo"],
    p_found: [{ vendor: "odoo", kind: "missing", external_id: "7" }],
  }),
  release_provision_holds: ({ tenant }) => ({ p_tenant_id: tenant, p_vendors: ["chatwoot"] }),
  adopt_service: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_vendor: "chatwoot",
    p_external_id: String(Math.ceil(Math.random() * 1e9)),
  }),
  claim_events: () => ({ p_limit: 1000 }),
  end_maintenance_window: ({ window }) => ({ p_id: window }),
};

/** Functions by which users request work on a tenant of theirs, and the service's on the same. */
const onRequests: Record<string, (of: Requests) => Row> = {
  request_services: ({ tenant }) => ({ p_tenant_id: tenant, p_vendors: ["chatwoot"], p_create_new: true }),
  request_removal: ({ deleted }) => ({ p_tenant_id: deleted, p_vendors: ["odoo"] }),
  request_retry: ({ run }) => ({ p_run_id: run }),
  request_cancel: ({ run }) => ({ p_run_id: run }),
  request_plan: ({ tenant }) => ({ p_tenant_id: tenant, p_vendors: ["odoo"] }),
  request_reconciliation: ({ tenant }) => ({ p_tenant_id: tenant, p_repair: true }),
  request_adoption: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_vendor: "odoo",
    p_external_id: `7${Date.now()}`,
  }),
  request_trigger: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_workflow: "orders",
    p_payload: { order: 7 },
    p_delivery_id: crypto.randomUUID(),
  }),
  register_workflow: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_workflow: "invoices",
    p_path: `invoices/${tenant}`,
  }),
  check_service: ({ tenant }) => ({
    p_tenant_id: tenant,
    p_vendor: "odoo",
    p_item: "invite_users",
    p_done: true,
  }),
  take_task: ({ request }) => ({ p_id: request }),
  abandon_task: ({ request }) => ({ p_id: request }),
  begin_step: ({ running, claim }) => ({ p_task_id: running, p_claim: claim }),
  begin_creation: ({ running, claim }) => ({ p_task_id: running, p_claim: claim }),
  open_creation: ({ tenant }) => ({ p_tenant_id: tenant, p_vendor: "odoo" }),
  settle_creation: ({ running, claim }) => ({ p_task_id: running, p_claim: claim, p_as: "absent" }),
  search_creation: ({ running, claim }) => ({ p_task_id: running, p_claim: claim, p_gap: "5 seconds" }),
};

/** Functions with the arguments of a queue with a waiting and a running task. */
const onTasks: Record<string, (of: Awaited<ReturnType<Fixture["newTasks"]>>) => Row> = {
  enqueue_tasks: ({ queue }) => ({ p_tasks: [{ queue, kind: "work", requested_by: "user_a" }] }),
  claim_tasks: ({ queue }) => ({ p_queue: queue, p_worker: "worker" }),
  renew_tasks: ({ running, claim }) => ({ p_running: [{ id: running, claim }] }),
  complete_tasks: ({ running, claim }) => ({ p_ended: [{ id: running, claim }] }),
  fail_task: ({ running, claim }) => ({ p_id: running, p_claim: claim, p_error: { code: "broken" } }),
  postpone_task: ({ running, claim }) => ({ p_id: running, p_claim: claim, p_for: "1 hour" }),
  cancel_task: ({ waiting }) => ({ p_id: waiting }),
  redrive_tasks: ({ queue }) => ({ p_queue: queue }),
  configure_queue: ({ queue }) => ({ p_name: queue, p_settings: { max_running: 3 } }),
  pause_queue: ({ queue }) => ({ p_name: queue }),
  due_queues: ({ queue }) => ({ p_queues: [queue] }),
  prune_tasks: () => ({ p_before: "2000-01-01T00:00:00Z" }),
};

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

const changesNothing = new Set([
  "request_retries",
  "request_cancels",
  "retry_provision_runs",
  "cancel_provision_runs",
  "services_to_compare",
  "retry_events",
  "settle_event",
  "open_creation",
  "due_queues",
  "request_vendor_health",
  "vendor_health",
  "worker_silence",
  "report_worker",
  "take_task",
  "ping",
  "ensure_partitions",
  "move_default_rows",
  "compact_partitions",
  "register_tools",
  "configure",
  "hand_over_tenants",
  "roll_up_calls",
  "summarize_calls",
  "rank_calls",
  "roll_up_health",
  "health_timeline",
  "drop_expired",
  "seal_audit",
  "verify_seals",
  "read_alerts",
  "redrive_tasks",
  "prune_tasks",
  "store_alert_pass",
  "claim_alert_deliveries",
  "end_alert_delivery",
]);
// All of the log is already sealed, so these return no rows even where they are allowed.
const mayFindNothing = new Set(["seal_audit", "claim_alert_deliveries"]);

/** Calls a function on own and foreign objects, and checks the effects as the superuser. */
export async function expectFunction(given: Case, name: string) {
  if (name === "list_tenants") return expectList(given);
  if (name === "search_invocations") return expectSearch(given);
  if (onRequests[name]) return expectOnRequests(given, name, onRequests[name]);
  if (onTenant[name]) return expectOnTenant(given, name, onTenant[name]);
  const { session, principal, fixture } = given;
  const sub = principal.sub ?? [...fixture.rows.keys()][0] ?? "";
  const args =
    onRun[name]?.(await fixture.newRun(sub)) ??
    onAlert[name]?.(await fixture.newAlert(sub)) ??
    onTasks[name]?.(await fixture.newTasks(sub)) ??
    onNothing[name]?.(sub) ??
    {};
  const before = await fixture.lastState();
  const outcome = await session.call(name, args);
  const after = await fixture.state();
  if (functions[name]?.[principal.who] !== "all") {
    expect(outcome).toEqual(refused);
    expect(after).toEqual(before);
  } else {
    const rows = "rows" in outcome ? outcome.rows.length : -1;
    expect(rows, JSON.stringify(outcome)).toBeGreaterThan(mayFindNothing.has(name) ? -1 : 0);
    expect(after === before).toBe(changesNothing.has(name));
  }
}

async function expectOnTenant(
  { session, principal, fixture }: Case,
  name: string,
  args: (id: string) => Row,
) {
  const reach = functions[name]?.[principal.who];
  const foreignSub = [...fixture.rows.keys()].find((sub) => sub !== principal.sub) ?? "";
  for (const sub of [principal.sub, foreignSub].filter((sub) => sub !== undefined)) {
    const id = await (name === "resolve_tenant" ? fixture.newInReview(sub) : fixture.newTenant(sub));
    const before = await fixture.lastState();
    const outcome = await session.call(name, args(id));
    const after = await fixture.state();
    const reached = reach === "all" || (reach === "own" && sub === principal.sub);
    if (reach === "refused") expect(outcome).toEqual(refused);
    else expect(ids(outcome)).toEqual(reached ? [id] : []);
    expect(after !== before).toBe(reached);
  }
}

async function expectOnRequests(
  { session, principal, fixture }: Case,
  name: string,
  args: (of: Requests) => Row,
) {
  const reach = functions[name]?.[principal.who];
  const foreignSub = [...fixture.rows.keys()].find((sub) => sub !== principal.sub) ?? "";
  for (const sub of [principal.sub, foreignSub].filter((sub) => sub !== undefined)) {
    const of = await fixture.newRequests(sub);
    const before = await fixture.lastState();
    const outcome = await session.call(name, args(of));
    const after = await fixture.state();
    const reached = reach === "all" || (reach === "own" && sub === principal.sub);
    if (reach === "refused") expect(outcome).toEqual(refused);
    else {
      const rows = "rows" in outcome ? outcome.rows : [];
      const seen = rows.filter((row) => !("value" in row) || (row.value !== null && row.value !== false));
      expect(seen, JSON.stringify(outcome)).toHaveLength(reached ? 1 : 0);
      expect(outcome).toHaveProperty("rows");
    }
    expect(after !== before).toBe(reached && !changesNothing.has(name));
  }
}

// Requested with and without an owner: neither shows more than row level security does.
async function expectList({ session, principal, fixture }: Case) {
  const reach = functions.list_tenants?.[principal.who];
  for (const [sub, rows] of fixture.rows) {
    const outcome = await listAll(session, { p_owner: sub });
    if (reach === "refused") {
      expect(outcome).toEqual(refused);
    } else if (reach === "all" || (reach === "own" && sub === principal.sub)) {
      expect(ids(outcome)).toContain(rows.tenants?.id);
    } else {
      expect(ids(outcome)).toEqual([]);
    }
  }
  const outcome = await listAll(session, {});
  if (reach === "refused") return expect(outcome).toEqual(refused);
  const owners = "rows" in outcome ? new Set(outcome.rows.map((row) => row.clerk_user_id)) : undefined;
  if (reach === "all") expect(owners?.size).toBeGreaterThan(1);
  else expect([...(owners ?? [])]).toEqual(reach === "own" ? [principal.sub] : []);
}

/** Reads page by page, because a REST API cuts a response at its max-rows. */
async function listAll(session: Session, args: Row): Promise<Outcome> {
  const rows: Row[] = [];
  for (let last: Row | undefined; ; last = rows.at(-1)) {
    const after = last ? { p_before: last.created_at, p_before_id: last.id } : {};
    const page = await session.call("list_tenants", {
      ...args,
      p_limit: 200,
      p_include_inactive: true,
      ...after,
    });
    if (!("rows" in page)) return page;
    rows.push(...page.rows);
    if (page.rows.length === 0) return { rows };
  }
}

// As above: a principal without `audit` finds only their own calls, whichever user they search for.
async function expectSearch({ session, principal, fixture }: Case) {
  const reach = functions.search_invocations?.[principal.who];
  for (const [sub, rows] of fixture.rows) {
    const outcome = await session.call("search_invocations", { p_user: sub });
    if (reach === "refused") {
      expect(outcome).toEqual(refused);
    } else if (reach === "all" || (reach === "own" && sub === principal.sub)) {
      expect(ids(outcome)).toContain(rows.mcp_invocations?.id);
    } else {
      expect(ids(outcome)).toEqual([]);
    }
  }
}
