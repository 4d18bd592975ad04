import type postgres from "postgres";
import { expect, test } from "vitest";
import { migrate } from "../src/index.ts";
import { superuser } from "./embedded.ts";
import { newDatabase } from "./scratch.ts";

// The matrix cannot check these from outside: nothing is open by default, and nothing runs with more privileges than it
// needs.

test("row level security is on and forced on every table", async () => {
  const open = await superuser`
    select oid::regclass::text as table from pg_class
    where relnamespace in ('public'::regnamespace, 'smarteros'::regnamespace) and relkind in ('r', 'p')
      and not (relrowsecurity and relforcerowsecurity)
      and oid not in ('smarteros.migrations'::regclass, 'smarteros.definitions'::regclass)`;
  expect([...open]).toEqual([]);
});

test("no function may be executed by PUBLIC", async () => {
  const open = await superuser`
    select oid::regprocedure::text as function from pg_proc
    where pronamespace in ('public'::regnamespace, 'smarteros'::regnamespace)
      and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)`;
  expect([...open]).toEqual([]);
});

test("every function has an empty search path, except those that a query inlines", async () => {
  const found = await superuser<{ name: string }[]>`
    select proname as name from pg_proc
    where pronamespace in ('public'::regnamespace, 'smarteros'::regnamespace)
      and not coalesce('search_path=""' = any (proconfig), false) order by 1`;
  expect(found.map(({ name }) => name)).toEqual([
    "bin_ms",
    "folded",
    "is_code",
    "latency_bin",
    "list_tenants",
    "spans",
    "tenant_matches",
    "time_of_id",
    "trimmed",
  ]);
});

test("security definer functions belong to smarteros_fn, except those that maintain the audit log, health or alerts", async () => {
  const found = await superuser`
    select proname as name, proowner::regrole::text as owner from pg_proc
    where pronamespace in ('public'::regnamespace, 'smarteros'::regnamespace) and prosecdef order by 1`;
  expect([...found]).toEqual([
    { name: "abandon_task", owner: "smarteros_fn" },
    { name: "add_alert_target", owner: "smarteros_fn" },
    { name: "check_service", owner: "smarteros_fn" },
    { name: "claim_alert_deliveries", owner: "postgres" },
    { name: "close_intents", owner: "postgres" },
    { name: "compact_partitions", owner: "postgres" },
    { name: "configure", owner: "postgres" },
    { name: "counted_since", owner: "postgres" },
    { name: "counted_until", owner: "postgres" },
    { name: "create_maintenance_window", owner: "smarteros_fn" },
    { name: "create_tenant", owner: "smarteros_fn" },
    { name: "delete_alert_rule", owner: "smarteros_fn" },
    { name: "drop_expired", owner: "postgres" },
    { name: "end_alert_delivery", owner: "postgres" },
    { name: "end_maintenance_window", owner: "smarteros_fn" },
    { name: "ensure_partitions", owner: "postgres" },
    { name: "hand_over_tenants", owner: "smarteros_fn" },
    { name: "health_timeline", owner: "smarteros_fn" },
    { name: "mark_health", owner: "postgres" },
    { name: "mark_maintenance", owner: "postgres" },
    { name: "merge_services", owner: "smarteros_fn" },
    { name: "move_default_rows", owner: "postgres" },
    { name: "mute_alert_rule", owner: "smarteros_fn" },
    { name: "open_intents", owner: "postgres" },
    { name: "read_alerts", owner: "postgres" },
    { name: "record_my_intent", owner: "smarteros_fn" },
    { name: "record_my_invocations", owner: "smarteros_fn" },
    { name: "record_service_write", owner: "postgres" },
    { name: "register_tools", owner: "postgres" },
    { name: "register_workflow", owner: "smarteros_fn" },
    { name: "remove_alert_target", owner: "smarteros_fn" },
    { name: "request_adoption", owner: "smarteros_fn" },
    { name: "request_cancel", owner: "smarteros_fn" },
    { name: "request_cancels", owner: "smarteros_fn" },
    { name: "request_plan", owner: "smarteros_fn" },
    { name: "request_reconciliation", owner: "smarteros_fn" },
    { name: "request_removal", owner: "smarteros_fn" },
    { name: "request_retries", owner: "smarteros_fn" },
    { name: "request_retry", owner: "smarteros_fn" },
    { name: "request_services", owner: "smarteros_fn" },
    { name: "request_trigger", owner: "smarteros_fn" },
    { name: "request_vendor_health", owner: "smarteros_fn" },
    { name: "resolve_tenant", owner: "smarteros_fn" },
    { name: "roll_up_calls", owner: "postgres" },
    { name: "roll_up_health", owner: "postgres" },
    { name: "rolled_up_until", owner: "postgres" },
    { name: "save_alert_rule", owner: "smarteros_fn" },
    { name: "seal_audit", owner: "postgres" },
    { name: "set_tenant_active", owner: "smarteros_fn" },
    { name: "setting", owner: "postgres" },
    { name: "store_alert_pass", owner: "postgres" },
    { name: "take_task", owner: "smarteros_fn" },
    { name: "test_alert_target", owner: "smarteros_fn" },
    { name: "vendor_health", owner: "smarteros_fn" },
    { name: "verify_seals", owner: "postgres" },
    { name: "worker_silence", owner: "smarteros_fn" },
    { name: "write_tenant_events", owner: "smarteros_fn" },
  ]);
});

test("smarteros_fn cannot log in, bypasses nothing and creates nothing", async () => {
  const [role] = await superuser`
    select rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong,
      has_schema_privilege(oid, 'public', 'create') or has_schema_privilege(oid, 'smarteros', 'create') as makes,
      (select array_agg(member::regrole::text) from pg_auth_members where roleid = pg_roles.oid and set_option) as worn_by
    from pg_roles where rolname = 'smarteros_fn'`;
  expect(role).toEqual({ strong: false, makes: false, worn_by: ["postgres"] });
});

test("only the owner has privileges in the schema smarteros, except what functions over health and secrets need", async () => {
  const found = await superuser`
    select oid::regclass::text as table, grantee::regrole::text as to, privilege_type as privilege
    from pg_class, aclexplode(relacl) where relnamespace = 'smarteros'::regnamespace and grantee <> relowner
    order by 1, privilege_type`;
  expect([...found]).toEqual(
    [
      // Secrets may be inserted and deleted, never read.
      ["alert_target_secrets", "DELETE"],
      ["alert_target_secrets", "INSERT"],
      ["health_days", "SELECT"],
      ["health_incidents", "SELECT"],
      ["health_states", "SELECT"],
      ["health_uncounted", "SELECT"],
      ["known_tools", "SELECT"],
      ["maintenance_windows", "INSERT"],
      ["maintenance_windows", "SELECT"],
      ["self_report_counts", "INSERT"],
      ["self_report_counts", "SELECT"],
      ["self_report_counts", "UPDATE"],
    ].map(([table, privilege]) => ({ table: `smarteros.${table}`, to: "smarteros_fn", privilege })),
  );
  const [schema] = await superuser`
    select has_schema_privilege('anon', 'smarteros', 'usage') as anon,
      has_schema_privilege('authenticated', 'smarteros', 'create') as authenticated`;
  expect(schema).toEqual({ anon: false, authenticated: false });
});

test("a hosted project's default privileges stay unchanged", async () => {
  const { url, sql } = await newDatabase();
  const defaults = () =>
    sql`select defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl from pg_default_acl order by 1, 2, 3`;
  const before = [...(await defaults())];
  expect(before).toHaveLength(3);
  await migrate({ url });
  expect([...(await defaults())]).toEqual(before);
});

test("each table, view and function revokes what a hosted project's defaults grant", async () => {
  const [hosted, bare] = [await newDatabase(), await newDatabase()];
  await bare.sql.unsafe(`
    alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
    alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
    alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
  `);
  await migrate(bare);
  await migrate(hosted);
  expect(await privileges(hosted.sql)).toEqual(await privileges(bare.sql));
});

async function privileges(sql: postgres.Sql) {
  const found = await sql<{ privilege: string }[]>`
    with object (name, acl) as (
      select oid::regclass::text, relacl from pg_class where relnamespace = 'public'::regnamespace and relkind <> 'i'
      union all
      select oid::regprocedure::text, proacl from pg_proc where pronamespace = 'public'::regnamespace
    )
    select concat_ws(' ', name, grantee::regrole, privilege_type) as privilege from object, aclexplode(acl)
    where grantee::regrole::text <> 'postgres' order by 1`;
  return found.map(({ privilege }) => privilege);
}
