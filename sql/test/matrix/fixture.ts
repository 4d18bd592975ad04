import { superuser } from "../embedded.ts";
import { anyRut } from "../ruts.ts";
import type { Principal } from "./principals.ts";

export type Row = Record<string, unknown>;

/** For each table a valid row, and another valid value for every column. */
type Samples = Record<string, { row: Row; changed: Row }>;

export type Fixture = {
  /** The rows of each user, by table. */
  rows: Map<string, Record<string, Row>>;
  samples(sub: string): Samples;
  newTenant(sub: string): Promise<string>;
  /** Creates a row in review that violates no rule any more. */
  newInReview(sub: string): Promise<string>;
  /**
   * Creates a run of a new tenant, with a step queued for Odoo, one failed for Metabase and one done for n8n; and a
   * maintenance window.
   */
  newRun(sub: string): Promise<{ run: string; tenant: string; window: string }>;
  /**
   * Creates for that user's requests a tenant with an open run, a held service, a workflow, an unsettled creation at n8n, a
   * task that runs in the queue of Odoo with the token `claim`, and an open request; and a deleted tenant.
   */
  newRequests(sub: string): Promise<Requests>;
  /** Creates two tasks of that user, of which one runs with the token `claim`, in a queue of the fixture. */
  newTasks(sub: string): Promise<{ queue: string; waiting: string; running: string; claim: string }>;
  /** Creates an alert rule and a target of that user. */
  newAlert(sub: string): Promise<{ rule: string; target: string }>;
  /**
   * Returns, as the superuser, of each table the number of rows of the fixture's users and the last transaction that
   * wrote one (`xmin`), as one text: it differs after every insert, update and deletion.
   */
  state(): Promise<string>;
  /**
   * Returns the last state; reads it again only after the fixture itself has written, because nothing else writes to
   * this database.
   */
  lastState(): Promise<string>;
};

export type Requests = {
  tenant: string;
  deleted: string;
  run: string;
  running: string;
  claim: string;
  request: string;
};

/**
 * Creates for each principal's user a tenant with its event, an invocation and an intent; and one health row for all.
 */
export async function newFixture(principals: Principal[]): Promise<Fixture> {
  const subjects = [...new Set(principals.flatMap(({ sub }) => sub ?? []))];
  const service = `probe-${crypto.randomUUID()}`;
  const [health] = await superuser<Row[]>`
    insert into public.external_health (service, status) values (${service}, 'ok') returning *`;
  await superuser`select public.seal_audit()`;
  const [worker] = await superuser<
    Row[]
  >`insert into public.provision_workers (id) values (${service}) returning *`;
  const [queue] = await superuser<
    Row[]
  >`insert into public.task_queues (name) values (${service}) returning *`;
  let last: string | undefined;
  const rows = new Map(await Promise.all(subjects.map(async (sub) => [sub, await rowsOf(sub)] as const)));

  async function rowsOf(sub: string): Promise<Record<string, Row>> {
    const tenantId = await newTenant(sub);
    const alert = `rule-${crypto.randomUUID()}`;
    const [row] = await superuser<[Record<string, Row>]>`
      with invocation as (
        insert into public.mcp_invocations (user_id, tool, duration_ms) values (${sub}, 'tenants.list', 1) returning *
      ), intent as (
        insert into public.mcp_intents (user_id, tool) values (${sub}, 'tenants.delete') returning *
      ), held as (
        insert into public.mcp_held_invocations (user_id, tool, duration_ms) values (${sub}, 'tenants.list', 1) returning *
      ), hold as (
        insert into public.legal_holds (user_id, reason) values (${sub}, 'case 1') returning *
      ), rollup as (
        insert into public.call_rollups
          (resolution, scope, scope_key, ts, tool, calls, errors, limited, bins, counts)
        values ('hour', 'user', ${sub}, '2026-01-01', ${sub}, 1, 0, 0, '{7}', '{1}') returning *
      ), alert_rule as (
        insert into public.alert_rules (id, definition, created_by)
        values (${alert}, jsonb_build_object('id', ${alert}::text, 'kind', 'probe'), ${sub}) returning *
      ), alert_mute as (
        insert into public.alert_mutes (rule, until, muted_by) values (${alert}, '2030-01-01', ${sub}) returning *
      ), alert_target as (
        insert into public.alert_targets (name, kind, address, created_by)
        values (${alert}, 'webhook', 'hooks.example', ${sub}) returning *
      ), alert_incident as (
        insert into public.alert_incidents (id, alert_group, opened_at, subjects)
        values (${alert}, ${sub}, '2026-01-01', '[]') returning *
      ), alert_state as (
        insert into public.alert_states (id, version, state, rules) values (${alert}, 1, '{}', '[]') returning *
      ), alert_delivery as (
        insert into public.alert_deliveries (notification, target_id, kind, payload, state, finished_at)
        select ${sub}, id, 'test', '{}', 'delivered', now() from alert_target returning *
      ), run as (
        insert into public.provision_runs (tenant_id, requested_by) values (${tenantId}, ${sub}) returning *
      ), step as (
        insert into public.provision_steps (run_id, tenant_id, vendor, action)
        select id, tenant_id, 'odoo', 'provision' from run returning *
      ), webhook as (
        insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
        values (${tenantId}, 'orders', ${`orders/${tenantId}`}, ${sub}) returning *
      ), drift as (
        insert into public.provision_drift (tenant_id, vendor, kind, external_id)
        values (${tenantId}, 'odoo', 'missing', '7') returning *
      ), comparison as (
        insert into public.provision_comparisons (tenant_id, vendor) values (${tenantId}, 'odoo') returning *
      ), service_check as (
        insert into public.service_checks (tenant_id, vendor, item, done_by)
        values (${tenantId}, 'odoo', 'tax_data', ${sub}) returning *
      ), in_review as (
        insert into public.tenants_in_review (id, clerk_user_id, row, proposal, reasons, created_at)
        values (gen_random_uuid(), ${sub}, '{}', '{}', '{tenants_rut_valid}', now()) returning *
      ), provision_hold as (
        insert into public.provision_holds (tenant_id, vendor) values (${tenantId}, 'metabase') returning *
      ), provision_intent as (
        insert into public.provision_intents (tenant_id, vendor, settled_at, settled_as)
        values (${tenantId}, 'metabase', now(), 'absent') returning *
      ), task as (
        insert into public.tasks (queue, kind, tenant_id, fair_key, due_at, requested_by)
        values (${service}, 'work', ${tenantId}, ${sub}, '2026-01-01', ${sub}) returning *
      ), line as (
        insert into public.task_lines (queue, fair_key, priority, waiting, head_due_at)
        values (${service}, ${`line-${sub}`}, 2, 1, '2026-01-01') returning *
      ), service_id as (
        insert into public.tenant_service_ids (tenant_id, vendor, external_id)
        values (${tenantId}, 'metabase', ${tenantId}) returning *
      )
      select to_jsonb(t) as tenants, to_jsonb(e) as tenant_events, to_jsonb(invocation) as mcp_invocations,
        to_jsonb(intent) as mcp_intents, jsonb_build_object('id', intent.id) as mcp_open_intents,
        to_jsonb(held) as mcp_held_invocations, to_jsonb(hold) as legal_holds,
        to_jsonb(rollup) as call_rollups, to_jsonb(run) as provision_runs, to_jsonb(step) as provision_steps,
        to_jsonb(in_review) as tenants_in_review, to_jsonb(provision_hold) as provision_holds,
        to_jsonb(provision_intent) as provision_intents,
        to_jsonb(service_id) as tenant_service_ids, to_jsonb(task) as tasks, to_jsonb(line) as task_lines,
        to_jsonb(webhook) as n8n_webhooks, to_jsonb(drift) as provision_drift,
        to_jsonb(comparison) as provision_comparisons, to_jsonb(service_check) as service_checks,
        to_jsonb(alert_rule) as alert_rules, to_jsonb(alert_mute) as alert_mutes,
        to_jsonb(alert_target) as alert_targets, to_jsonb(alert_incident) as alert_incidents,
        to_jsonb(alert_state) as alert_states, to_jsonb(alert_delivery) as alert_deliveries
      from public.tenants t join public.tenant_events e on e.tenant_id = t.id, invocation, intent, held, hold, rollup, run, step, webhook, drift, comparison, service_check, in_review, provision_hold, provision_intent, service_id, task, line,
        alert_rule, alert_mute, alert_target, alert_incident, alert_state, alert_delivery
      where t.id = ${tenantId}`;
    return {
      ...row,
      external_health: { ...health },
      provision_workers: { ...worker },
      task_queues: { ...queue },
      provision_vendors: { vendor: "chatwoot", flag: "crm" },
    };
  }

  async function newTenant(sub: string): Promise<string> {
    last = undefined;
    const [tenant] = await superuser<[{ id: string }]>`
      insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Demo Ltda', ${sub})
      returning id`;
    return tenant.id;
  }

  async function newInReview(sub: string): Promise<string> {
    last = undefined;
    const proposal = {
      rut: anyRut(),
      business_name: "En revisión",
      clerk_user_id: sub,
      services_enabled: { crm: false, bot: false, erp: false, workflows: false, kpi: false },
      active: true,
      created_at: new Date(),
      updated_at: new Date(),
    };
    const id = crypto.randomUUID();
    await superuser`
      insert into public.tenants_in_review (id, clerk_user_id, row, proposal, reasons, created_at)
      values (${id}, ${sub}, ${superuser.json({ id })}, ${superuser.json(proposal as never)}, '{}', now())`;
    return id;
  }

  async function newRun(sub: string): Promise<{ run: string; tenant: string; window: string }> {
    const tenant = await newTenant(sub);
    const [made] = await superuser<[{ run: string }]>`
      with run as (
        insert into public.provision_runs (tenant_id, requested_by) values (${tenant}, ${sub}) returning *
      )
      insert into public.provision_steps (run_id, tenant_id, vendor, action, state, created)
      select run.id, tenant_id, step.vendor, 'provision', step.state, step.state = 'succeeded'
      from run, (values ('odoo', 'queued'), ('metabase', 'failed'), ('n8n', 'succeeded')) as step (vendor, state)
      returning run_id as run`;
    await superuser`insert into public.provision_holds (tenant_id, vendor) values (${tenant}, 'chatwoot')`;
    const [window] = await superuser<[{ id: string }]>`
      insert into smarteros.maintenance_windows (service, starts_at, ends_at, reason, created_by)
      values (${service}, now(), now() + interval '1 hour', 'matrix', ${sub}) returning id`;
    return { run: made.run, tenant, window: window.id };
  }

  async function newRequests(sub: string): Promise<Requests> {
    const { tenant, run } = await newRun(sub);
    const deleted = await newTenant(sub);
    const claim = crypto.randomUUID();
    // A user may have 20 open requests and, here, any number of tenants.
    await superuser`
      update public.tasks set state = 'cancelled', finished_at = now()
      where queue = 'requests' and requested_by = ${sub} and state = 'scheduled'`;
    await superuser`select public.configure('{"max_tenants_per_owner": 100000}')`;
    await superuser`
      update public.tenants set active = false, deleted_at = now() - interval '31 days' where id = ${deleted}`;
    await superuser`
      insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
      values (${tenant}, 'orders', ${`orders/${tenant}`}, ${sub})`;
    await superuser`insert into public.provision_intents (tenant_id, vendor) values (${tenant}, 'odoo')`;
    const [running, request] = await superuser<{ id: string }[]>`
      insert into public.tasks (queue, kind, tenant_id, fair_key, requested_by, state, claim, lease_until, attempts)
      values ('odoo', 'provision', ${tenant}, ${sub}, ${sub}, 'running', ${claim}, now() + interval '1 hour', 1),
        ('requests', 'plan', ${tenant}, ${sub}, ${sub}, 'scheduled', null, null, 0)
      returning id`;
    if (!running || !request) throw new Error("unreachable");
    await superuser`update public.provision_steps set task_id = ${running.id} where run_id = ${run} and vendor = 'odoo'`;
    return { tenant, deleted, run, running: running.id, claim, request: request.id };
  }

  async function newTasks(sub: string) {
    last = undefined;
    const name = `${service}-${crypto.randomUUID().slice(0, 8)}`;
    const claim = crypto.randomUUID();
    await superuser`insert into public.task_queues (name) values (${name})`;
    const [waiting, running] = await superuser<{ id: string }[]>`
      insert into public.tasks (queue, kind, fair_key, requested_by, state, claim, lease_until, attempts)
      values (${name}, 'work', ${sub}, ${sub}, 'scheduled', null, null, 0),
        (${name}, 'work', ${sub}, ${sub}, 'running', ${claim}, now() + interval '1 hour', 1)
      returning id`;
    if (!waiting || !running) throw new Error("unreachable");
    return { queue: name, waiting: waiting.id, running: running.id, claim };
  }

  async function newAlert(sub: string): Promise<{ rule: string; target: string }> {
    last = undefined;
    const rule = `rule-${crypto.randomUUID()}`;
    const [made] = await superuser<[{ target: string }]>`
      with rule as (
        insert into public.alert_rules (id, definition, created_by)
        values (${rule}, jsonb_build_object('id', ${rule}::text, 'kind', 'probe'), ${sub})
      )
      insert into public.alert_targets (name, kind, address, created_by)
      values (${rule}, 'webhook', 'hooks.example', ${sub}) returning id as target`;
    return { rule, target: made.target };
  }

  async function state(): Promise<string> {
    const [now] = await superuser<[{ text: string }]>`
      select jsonb_build_array(
        (select jsonb_build_array(count(*), max(t.xmin::text::bigint)) from public.tenants t where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(e.xmin::text::bigint)) from public.tenant_events e join public.tenants t on t.id = e.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(i.xmin::text::bigint)) from public.mcp_invocations i where i.user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(i.xmin::text::bigint)) from public.mcp_intents i where i.user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(o.xmin::text::bigint)) from public.mcp_open_intents o where o.user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(i.xmin::text::bigint)) from public.mcp_held_invocations i where i.user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(h.xmin::text::bigint)) from public.legal_holds h where h.user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(r.xmin::text::bigint)) from public.call_rollups r
          where r.tool = any (${subjects})),
        (select jsonb_build_array(count(*), max(h.xmin::text::bigint)) from public.external_health h where h.service = ${service}),
        (select jsonb_build_array(count(*), max(m.xmin::text::bigint)) from smarteros.maintenance_windows m where m.created_by = any (${subjects})),
        (select jsonb_build_array(count(*), max(w.xmin::text::bigint)) from public.provision_workers w where w.id like ${`${service}%`}),
        (select jsonb_build_array(count(*), max(r.xmin::text::bigint)) from public.provision_runs r join public.tenants t on t.id = r.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(s.xmin::text::bigint)) from public.provision_steps s join public.tenants t on t.id = s.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(n.xmin::text::bigint)) from public.n8n_webhooks n join public.tenants t on t.id = n.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(r.xmin::text::bigint)) from public.tenants_in_review r where r.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(h.xmin::text::bigint)) from public.provision_holds h join public.tenants t on t.id = h.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(v.xmin::text::bigint)) from public.provision_vendors v),
        (select jsonb_build_array(count(*), max(q.xmin::text::bigint)) from public.task_queues q where q.name like ${`${service}%`}),
        (select jsonb_build_array(count(*), max(t.xmin::text::bigint)) from public.tasks t where t.queue like ${`${service}%`}
          or t.tenant_id in (select o.id from public.tenants o where o.clerk_user_id = any (${subjects}))),
        (select jsonb_build_array(count(*), max(i.xmin::text::bigint)) from public.provision_intents i join public.tenants t on t.id = i.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(l.xmin::text::bigint)) from public.task_lines l where l.queue like ${`${service}%`}),
        (select jsonb_build_array(count(*), max(i.xmin::text::bigint)) from public.tenant_service_ids i join public.tenants t on t.id = i.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(d.xmin::text::bigint)) from public.provision_drift d join public.tenants t on t.id = d.tenant_id
          where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(c.xmin::text::bigint)) from public.service_checks c
          join public.tenants t on t.id = c.tenant_id where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(c.xmin::text::bigint)) from public.provision_comparisons c
          join public.tenants t on t.id = c.tenant_id where t.clerk_user_id = any (${subjects})),
        (select jsonb_build_array(count(*), max(r.xmin::text::bigint)) from public.alert_rules r where r.created_by = any (${subjects})),
        (select jsonb_build_array(count(*), max(m.xmin::text::bigint)) from public.alert_mutes m where m.muted_by = any (${subjects})),
        (select jsonb_build_array(count(*), max(t.xmin::text::bigint)) from public.alert_targets t where t.created_by = any (${subjects})),
        (select jsonb_build_array(count(*), max(i.xmin::text::bigint)) from public.alert_incidents i where i.alert_group = any (${subjects})),
        (select jsonb_build_array(count(*), max(s.xmin::text::bigint)) from public.alert_states s
          join public.alert_targets t on t.name = s.id where t.created_by = any (${subjects})),
        -- Without what another test's monitor does with them, which tells all targets of what it sees.
        (select jsonb_agg(jsonb_build_array(d.id, d.notification, d.target_id, d.payload) order by d.id)
          from public.alert_deliveries d join public.alert_targets t on t.id = d.target_id
          where t.created_by = any (${subjects}) and d.kind = 'test')
      )::text as text`;
    last = now.text;
    return last;
  }

  return {
    rows,
    newTenant,
    newInReview,
    newRun,
    newAlert,
    newTasks,
    newRequests,
    state,
    lastState: async () => last ?? state(),
    samples: (sub) => samples(sub, rows.get(sub), service),
  };
}

function samples(sub: string, own: Record<string, Row> | undefined, service: string): Samples {
  const tenantId = own?.tenants?.id;
  const id = crypto.randomUUID();
  const at = new Date().toISOString();
  const invocation = {
    id,
    user_id: "user_changed",
    tool: "changed",
    args: "changed",
    result: "changed",
    duration_ms: 7,
    success: false,
    created_at: at,
    recorded_at: at,
    recorded_by: "self",
    transport: "changed",
    tenant_id: id,
    code: "changed",
    request_id: "changed",
    trace_id: "7".repeat(32),
    redacted: true,
    calls: 7,
  };
  return {
    tenants: {
      row: { rut: anyRut(), business_name: "Mine", clerk_user_id: sub },
      changed: {
        id,
        rut: anyRut(),
        business_name: "Changed",
        clerk_user_id: "user_changed",
        services_enabled: { crm: true, bot: true, erp: true, workflows: true, kpi: true },
        chatwoot_inbox_id: 7,
        botpress_workspace_id: "bot:changed",
        odoo_company_id: 7,
        n8n_project_id: "tag:changed",
        metabase_dashboard_id: "changed",
        active: false,
        created_at: at,
        updated_at: at,
        deleted_at: at,
      },
    },
    tenant_events: {
      row: { type: "tenant.created", tenant_id: tenantId },
      changed: {
        type: "tenant.changed",
        tenant_id: id,
        payload: { changed: true },
        created_at: at,
        attempts: 7,
        processed_at: at,
        last_error: "changed",
        claimed_until: at,
      },
    },
    provision_runs: {
      row: { tenant_id: tenantId, requested_by: sub },
      changed: {
        id,
        tenant_id: id,
        requested_by: "user_changed",
        event_id: 7,
        request_id: "changed",
        state: "running",
        created_at: at,
        started_at: at,
        cancelled_at: at,
        finished_at: null,
      },
    },
    provision_steps: {
      row: { run_id: own?.provision_runs?.id, tenant_id: tenantId, vendor: "n8n", action: "provision" },
      changed: {
        id,
        run_id: id,
        task_id: own?.tasks?.id,
        tenant_id: id,
        vendor: "chatwoot",
        action: "disable",
        state: "waiting",
        attempts: 7,
        external_id: "changed",
        created: true,
        duplicates: ["changed"],
        error_kind: "auth",
        error_message: "changed",
        remedy: "changed",
        next_attempt_at: at,
        started_at: at,
        finished_at: at,
        updated_at: at,
      },
    },
    n8n_webhooks: {
      row: { tenant_id: tenantId, workflow: "invoices", path: `invoices/${id}`, registered_by: sub },
      changed: {
        id,
        tenant_id: id,
        workflow: "changed",
        path: `changed/${id}`,
        registered_by: "user_changed",
        created_at: at,
        updated_at: at,
        removed_at: at,
      },
    },
    provision_drift: {
      row: { tenant_id: tenantId, vendor: "n8n", kind: "renamed", external_id: "tag:7", seen_name: "Other" },
      changed: {
        id,
        tenant_id: id,
        vendor: "chatwoot",
        kind: "disabled",
        external_id: "changed",
        seen_name: "changed",
        found_at: at,
        resolved_at: at,
      },
    },
    service_checks: {
      row: { tenant_id: tenantId, vendor: "n8n", item: "connect_accounts", done_by: sub },
      changed: {
        id,
        tenant_id: id,
        vendor: "chatwoot",
        item: "invite_agents",
        done_by: "user_changed",
        done_at: at,
      },
    },
    provision_comparisons: {
      row: { tenant_id: tenantId, vendor: "n8n" },
      changed: { id, tenant_id: id, vendor: "chatwoot", compared_at: at },
    },
    tenants_in_review: {
      row: { id, clerk_user_id: sub, row: {}, proposal: {}, reasons: [], created_at: at },
      changed: {
        id,
        clerk_user_id: "user_changed",
        row: { changed: true },
        proposal: { changed: true },
        reasons: ["changed"],
        created_at: at,
        moved_at: at,
      },
    },
    provision_holds: {
      row: { tenant_id: tenantId, vendor: "n8n" },
      changed: { tenant_id: id, vendor: "chatwoot", since: at, released_at: at },
    },
    provision_intents: {
      row: { tenant_id: tenantId, vendor: "n8n" },
      changed: {
        id,
        tenant_id: id,
        vendor: "chatwoot",
        task_id: null,
        opened_at: at,
        empty_searches: 7,
        searched_at: at,
        doubtful: true,
        settled_at: at,
        settled_as: "found",
        settled_by: "user_changed",
      },
    },
    task_queues: {
      row: { name: `${service}-${id.slice(0, 8)}` },
      changed: {
        name: "changed",
        paused_at: at,
        max_running: 7,
        max_per_key: 7,
        max_per_tenant: 7,
        max_per_worker: 7,
        lease: "7 seconds",
        slice: "7 seconds",
        max_attempts: 7,
        retry_pause: "7 seconds",
        max_retry_pause: "7 hours",
        breaker_failures: 7,
        breaker_pause: "7 seconds",
        failures: 7,
        open_until: at,
        claimed: 7,
        created_at: at,
      },
    },
    tasks: {
      row: { queue: service, kind: "work", tenant_id: tenantId, fair_key: sub, requested_by: sub },
      changed: {
        id,
        queue: "changed",
        kind: "changed",
        tenant_id: id,
        fair_key: "changed",
        priority: 0,
        payload: { changed: true },
        state: "queued",
        run_at: at,
        due_at: at,
        deadline_at: at,
        attempts: 7,
        max_attempts: 7,
        claim: id,
        claimed_by: "changed",
        claimed_at: at,
        lease_until: null,
        cancel_requested_at: at,
        dedupe_key: "changed",
        progress: { changed: true },
        result: { changed: true },
        error: { changed: true },
        parent_id: id,
        requested_by: "user_changed",
        traceparent: `00-${"7".repeat(32)}-${"7".repeat(16)}-01`,
        created_at: at,
        finished_at: null,
      },
    },
    task_lines: {
      row: { queue: service, fair_key: `line-${id}`, priority: 1, waiting: 1, head_due_at: at },
      changed: { queue: "changed", fair_key: "changed", priority: 0, waiting: 7, head_due_at: at },
    },
    provision_vendors: {
      row: { vendor: "sap", flag: "sap" },
      changed: {
        vendor: "changed",
        flag: "changed",
        resource_urls: { "": "changed" },
        checklist: ["changed"],
      },
    },
    tenant_service_ids: {
      row: { tenant_id: tenantId, vendor: "n8n", external_id: id },
      changed: { tenant_id: id, vendor: "chatwoot", external_id: "changed" },
    },
    provision_workers: {
      row: { id: `${service}-${id}` },
      changed: { id: `${service}-${id}-changed`, started_at: at, seen_at: at },
    },
    mcp_invocations: {
      row: { user_id: sub, tool: "tenants.list", duration_ms: 1 },
      changed: invocation,
    },
    mcp_intents: {
      row: { user_id: sub, tool: "tenants.delete" },
      changed: {
        id,
        user_id: "user_changed",
        tool: "changed",
        tenant_id: id,
        args: "changed",
        request_id: "changed",
        created_at: at,
        recorded_by: "self",
      },
    },
    mcp_open_intents: {
      row: { id, user_id: sub },
      changed: { id, user_id: "user_changed", recorded_by: "self" },
    },
    mcp_held_invocations: {
      row: { user_id: sub, tool: "tenants.list", duration_ms: 1 },
      changed: invocation,
    },
    call_rollups: {
      row: {
        resolution: "day",
        scope: "user",
        scope_key: sub,
        ts: at,
        tool: "",
        calls: 1,
        errors: 0,
        limited: 0,
        bins: [7],
        counts: [1],
      },
      changed: {
        resolution: "day",
        scope: "tenant",
        scope_key: "changed",
        ts: at,
        tool: "changed",
        calls: 7,
        errors: 7,
        limited: 7,
        bins: [8],
        counts: [7],
      },
    },
    legal_holds: {
      row: { user_id: sub, reason: "case 2" },
      changed: {
        id,
        user_id: "user_changed",
        tenant_id: id,
        reason: "changed",
        created_at: at,
        released_at: at,
      },
    },
    alert_rules: {
      row: { id: `rule-${id}`, definition: { id: `rule-${id}`, kind: "probe" }, created_by: sub },
      changed: {
        id: "changed",
        definition: { id: "changed", kind: "errors" },
        created_by: "user_changed",
        created_at: at,
        updated_at: at,
      },
    },
    alert_mutes: {
      row: { rule: `rule-${id}`, until: at, muted_by: sub },
      changed: { rule: "changed", until: at, muted_by: "user_changed" },
    },
    alert_targets: {
      row: { name: id, kind: "webhook", address: "hooks.example", created_by: sub },
      changed: {
        id,
        name: "changed",
        kind: "email",
        address: "changed@example.com",
        created_by: "user_changed",
        created_at: at,
        removed_at: at,
      },
    },
    alert_incidents: {
      row: { id, alert_group: sub, opened_at: at, subjects: [] },
      changed: { id, alert_group: "changed", opened_at: at, closed_at: at, subjects: [{ changed: true }] },
    },
    alert_states: {
      row: { id, version: 1, state: {}, rules: [] },
      changed: { id, version: 7, state: { changed: true }, rules: [{ changed: true }], at },
    },
    alert_deliveries: {
      row: { notification: id, target_id: own?.alert_targets?.id, kind: "test", payload: {} },
      changed: {
        id,
        notification: "changed",
        target_id: id,
        kind: "opened",
        payload: { changed: true },
        state: "failed",
        attempts: 7,
        next_attempt_at: at,
        last_status: 410,
        last_error: "changed",
        created_at: at,
        finished_at: at,
      },
    },
    external_health: {
      row: { service, status: "ok" },
      changed: {
        id,
        service: "changed",
        status: "error",
        latency_ms: 7,
        error_message: "changed",
        metadata: { changed: true },
        created_at: at,
      },
    },
  };
}
