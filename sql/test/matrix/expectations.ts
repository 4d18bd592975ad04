import type { Who } from "./principals.ts";

// The complete access rules. A table, a column or a function that is missing here fails the tests.

/** The rows that an operation reaches. `refused` is SQLSTATE 42501; `none` is an empty result. */
export type Reach = "refused" | "none" | "own" | "all";
export type Reaches = Record<Who, Reach>;

const refused = "refused";
const none = "none";
const own = "own";
const all = "all";

type TableExpectation = {
  /** The column that identifies a row; `id` by default. */
  key?: string;
  select: Reaches;
  /** The role that may insert; columns that the service may not set are in `serviceMayNotInsert`. */
  insert: "none" | "service";
  serviceMayNotInsert?: string[];
  /** Columns that the service may update. No one else updates anything, and no one truncates. */
  serviceMayUpdate: string[];
  /** Whether the service may delete rows; no one else does. */
  serviceMayDelete?: boolean;
};

// biome-ignore format: read as a table
const tenantReaders: Reaches = { anon: refused, unknown: none, viewer: own, operator: own, auditor: own, support: all, admin: all, service: all };
// biome-ignore format: read as a table
const auditReaders: Reaches = { anon: refused, unknown: none, viewer: own, operator: own, auditor: all, support: own, admin: all, service: all };
// biome-ignore format: read as a table
const auditorsAlone: Reaches = { anon: refused, unknown: none, viewer: none, operator: none, auditor: all, support: none, admin: all, service: all };
// biome-ignore format: read as a table
const serviceAlone: Reaches = { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all };
// biome-ignore format: read as a table
const everyReader: Reaches = { anon: refused, unknown: none, viewer: all, operator: all, auditor: all, support: all, admin: all, service: all };

export const tables: Record<string, TableExpectation> = {
  tenants: {
    select: tenantReaders,
    insert: "none",
    serviceMayUpdate: [
      "chatwoot_inbox_id",
      "botpress_workspace_id",
      "odoo_company_id",
      "n8n_project_id",
      "metabase_dashboard_id",
    ],
  },
  tenant_events: {
    select: tenantReaders,
    insert: "none",
    serviceMayUpdate: ["attempts", "processed_at", "last_error", "claimed_until"],
  },
  mcp_invocations: {
    select: auditReaders,
    insert: "service",
    serviceMayNotInsert: ["recorded_by", "recorded_at"],
    serviceMayUpdate: [],
  },
  mcp_intents: {
    select: auditReaders,
    insert: "service",
    serviceMayNotInsert: ["recorded_by"],
    serviceMayUpdate: [],
  },
  external_health: { select: everyReader, insert: "service", serviceMayUpdate: [] },
  provision_runs: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: ["state", "started_at", "cancelled_at", "finished_at"],
  },
  provision_steps: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: [
      "task_id",
      "state",
      "attempts",
      "external_id",
      "created",
      "duplicates",
      "error_kind",
      "error_message",
      "remedy",
      "next_attempt_at",
      "started_at",
      "finished_at",
      "updated_at",
    ],
  },
  n8n_webhooks: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: ["tenant_id", "workflow", "path", "registered_by", "updated_at", "removed_at"],
  },
  provision_drift: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: ["kind", "external_id", "seen_name", "found_at", "resolved_at"],
  },
  service_checks: { select: tenantReaders, insert: "none", serviceMayUpdate: [] },
  provision_comparisons: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: ["compared_at"],
  },
  mcp_open_intents: { select: auditReaders, insert: "none", serviceMayUpdate: [] },
  mcp_held_invocations: { select: auditReaders, insert: "none", serviceMayUpdate: [] },
  legal_holds: { select: auditorsAlone, insert: "service", serviceMayUpdate: ["released_at"] },
  // By tool, because the monitor of another test may count calls of the same users concurrently.
  call_rollups: { key: "tool", select: auditReaders, insert: "none", serviceMayUpdate: [] },
  alert_rules: { select: auditorsAlone, insert: "none", serviceMayUpdate: [] },
  alert_mutes: { key: "rule", select: auditorsAlone, insert: "none", serviceMayUpdate: [] },
  alert_targets: { select: auditorsAlone, insert: "none", serviceMayUpdate: [] },
  alert_incidents: { select: auditorsAlone, insert: "none", serviceMayUpdate: [] },
  alert_states: { select: auditorsAlone, insert: "none", serviceMayUpdate: [] },
  alert_deliveries: { select: auditorsAlone, insert: "none", serviceMayUpdate: [] },
  tenants_in_review: { select: tenantReaders, insert: "none", serviceMayUpdate: [] },
  provision_holds: {
    key: "tenant_id",
    select: tenantReaders,
    insert: "none",
    serviceMayUpdate: ["released_at"],
  },
  provision_intents: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: [
      "task_id",
      "opened_at",
      "empty_searches",
      "searched_at",
      "doubtful",
      "settled_at",
      "settled_as",
      "settled_by",
    ],
  },
  provision_vendors: {
    key: "vendor",
    select: everyReader,
    insert: "none",
    serviceMayUpdate: ["resource_urls"],
  },
  tenant_service_ids: {
    key: "external_id",
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: ["external_id"],
  },
  task_queues: {
    key: "name",
    select: everyReader,
    insert: "service",
    serviceMayUpdate: [
      "paused_at",
      "max_running",
      "max_per_key",
      "max_per_tenant",
      "max_per_worker",
      "lease",
      "slice",
      "max_attempts",
      "retry_pause",
      "max_retry_pause",
      "breaker_failures",
      "breaker_pause",
      "failures",
      "open_until",
      "claimed",
    ],
  },
  tasks: {
    select: tenantReaders,
    insert: "service",
    serviceMayUpdate: [
      "state",
      "run_at",
      "due_at",
      "attempts",
      "claim",
      "claimed_by",
      "claimed_at",
      "lease_until",
      "cancel_requested_at",
      "progress",
      "result",
      "error",
      "finished_at",
    ],
    serviceMayDelete: true,
  },
  task_lines: {
    key: "fair_key",
    select: serviceAlone,
    insert: "service",
    serviceMayUpdate: ["waiting", "head_due_at"],
    serviceMayDelete: true,
  },
  provision_workers: {
    select: serviceAlone,
    insert: "service",
    serviceMayUpdate: ["seen_at"],
    serviceMayDelete: true,
  },
};

/** Views, by the column that names the tenant. No one writes to them. */
export const views: Record<string, { tenant: string; select: Reaches }> = {
  tenant_services: { tenant: "tenant_id", select: tenantReaders },
};

/** The effect of a function with a tenant argument; for the others `all` means that the call succeeds. */
// biome-ignore format: read as a table
export const functions: Record<string, Reaches> = {
  ping:                  { anon: all,     unknown: all,     viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: all },
  list_tenants:          { anon: refused, unknown: none,    viewer: own,     operator: own,     auditor: own,     support: all,     admin: all,     service: refused },
  create_tenant:         { anon: refused, unknown: refused, viewer: refused, operator: all,     auditor: refused, support: all,     admin: all,     service: refused },
  merge_services:        { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  set_tenant_active:     { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  record_invocations:    { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  record_my_invocations: { anon: refused, unknown: refused, viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: refused },
  record_intent:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  record_my_intent:      { anon: refused, unknown: refused, viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: refused },
  ensure_partitions:     { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  search_invocations:    { anon: refused, unknown: none,    viewer: own,     operator: own,     auditor: all,     support: own,     admin: all,     service: refused },
  move_default_rows:     { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  compact_partitions:    { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  register_tools:        { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  configure:             { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  hand_over_tenants:     { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  roll_up_calls:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  summarize_calls:       { anon: refused, unknown: refused, viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: refused },
  rank_calls:            { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: all,     support: refused, admin: all,     service: refused },
  drop_expired:          { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  seal_audit:            { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  verify_seals:          { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  roll_up_health:        { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  health_timeline:       { anon: refused, unknown: refused, viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: refused },
  create_maintenance_window: { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all, service: refused },
  end_maintenance_window: { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all, service: refused },
  open_provision_run:    { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  request_services:      { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  request_removal:       { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  request_retry:         { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  check_service:         { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  request_cancel:        { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  request_retries:       { anon: refused, unknown: refused, viewer: refused, operator: all,     auditor: refused, support: all,     admin: all,     service: refused },
  request_cancels:       { anon: refused, unknown: refused, viewer: refused, operator: all,     auditor: refused, support: all,     admin: all,     service: refused },
  request_reconciliation: { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  request_plan:          { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  request_adoption:      { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  request_trigger:       { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  register_workflow:     { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  request_vendor_health: { anon: refused, unknown: refused, viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: refused },
  vendor_health:         { anon: refused, unknown: refused, viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: refused },
  take_task:             { anon: refused, unknown: refused, viewer: own,     operator: own,     auditor: own,     support: own,     admin: own,     service: refused },
  abandon_task:          { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: own,     admin: own,     service: refused },
  worker_silence:        { anon: refused, unknown: all,     viewer: all,     operator: all,     auditor: all,     support: all,     admin: all,     service: all },
  report_worker:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  begin_creation:        { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  settle_creation:       { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  open_creation:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  search_creation:       { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  begin_step:            { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  due_queues:            { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  cancel_provision_run:  { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  retry_provision_run:   { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  retry_provision_runs:  { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  cancel_provision_runs: { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  services_to_compare:   { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  retry_events:          { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  settle_event:          { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  note_provision_drift:  { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  release_provision_holds: { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  adopt_service:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  resolve_tenant:        { anon: refused, unknown: refused, viewer: refused, operator: own,     auditor: refused, support: all,     admin: all,     service: refused },
  claim_events:          { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  enqueue_tasks:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  claim_tasks:           { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  renew_tasks:           { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  complete_tasks:        { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  fail_task:             { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  postpone_task:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  cancel_task:           { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  redrive_tasks:         { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  configure_queue:       { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  pause_queue:           { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  prune_tasks:           { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  save_alert_rule:       { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  delete_alert_rule:     { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  mute_alert_rule:       { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  add_alert_target:      { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  remove_alert_target:   { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  test_alert_target:     { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: all,     service: refused },
  read_alerts:           { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  store_alert_pass:      { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  claim_alert_deliveries: { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
  end_alert_delivery:    { anon: refused, unknown: refused, viewer: refused, operator: refused, auditor: refused, support: refused, admin: refused, service: all },
};
