import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { migrate } from "../src/index.ts";
import { planMigration } from "../src/plan.ts";
import { rollBack } from "../src/roll-back.ts";
import { readSource } from "../src/source.ts";
import { catalogOf } from "./catalog.ts";
import { newDatabase, runFile, type Scratch } from "./scratch.ts";

const tables = await readFile(new URL("upgrade/tables-0.2.sql", import.meta.url), "utf8");

// Creates a project of 0.2: Supabase's `auth`, the tables, and rows that its checks accepted.
async function earlierProject(): Promise<Scratch> {
  const database = await newDatabase();
  await database.sql.unsafe(`
    create schema auth;
    create function auth.jwt() returns jsonb language sql stable as
      $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$`);
  await runFile(database.url, tables);
  return database;
}

type Row = { rut: string; name?: string; owner?: string; services?: unknown; [column: string]: unknown };

async function addTenant(
  sql: postgres.Sql,
  { rut, name = "Empresa", owner = "user_1", services, ...other }: Row,
) {
  const row = {
    rut,
    business_name: name,
    clerk_user_id: owner,
    contact_email: "a@example.test",
    ...(services === undefined ? {} : { services_enabled: sql.json(services as never) }),
    ...other,
  };
  const [made] = await sql<{ id: string }[]>`insert into public.tenants ${sql(row)} returning id`;
  return made?.id ?? "";
}

const off = { crm: false, bot: false, erp: false, workflows: false, kpi: false };
const reviewed = async (sql: postgres.Sql) =>
  new Map((await sql`select id, reasons, row from public.tenants_in_review`).map((row) => [row.id, row]));

describe("a row of tenants", () => {
  test.each<[string, Row, Record<string, unknown>]>([
    ["with a dotted RUT", { rut: "76.086.428-5" }, { rut: "76086428-5" }],
    ["with a lower-case K", { rut: "10.000.013-k" }, { rut: "10000013-K" }],
    ["with a RUT without dash", { rut: "760864285" }, { rut: "76086428-5" }],
    [
      "with blanks around its name",
      { rut: "76086428-5", name: "  Panadería  " },
      { business_name: "Panadería" },
    ],
    [
      "with some flags",
      { rut: "76086428-5", services: { crm: true } },
      { services_enabled: { ...off, crm: true } },
    ],
    ["with a flag that is null", { rut: "76086428-5", services: { crm: null } }, { services_enabled: off }],
    ["without flags", { rut: "76086428-5", services_enabled: null }, { services_enabled: off }],
    [
      "with ids of vendors",
      {
        rut: "76086428-5",
        chatwoot_inbox_id: 7,
        botpress_workspace_id: "wk 9".replace(" ", ""),
        n8n_project_id: "p1",
      },
      { chatwoot_inbox_id: 7, botpress_workspace_id: "workspace:wk9", n8n_project_id: "project:p1" },
    ],
    [
      "with ids that stand for none",
      { rut: "76086428-5", chatwoot_inbox_id: 0, botpress_workspace_id: "" },
      { chatwoot_inbox_id: null, botpress_workspace_id: null },
    ],
    ["whose active is null", { rut: "76086428-5", active: null }, { active: true, deleted_at: null }],
    [
      "that is inactive",
      { rut: "76086428-5", active: false, updated_at: "2025-11-01T00:00:00Z" },
      { active: false, deleted_at: new Date("2025-11-01T00:00:00Z") },
    ],
  ])("%s becomes a tenant with the same id", async (_, given, expected) => {
    const { url, sql } = await earlierProject();
    const id = await addTenant(sql, given);
    await migrate({ url });
    const [tenant] = await sql`select * from public.tenants where id = ${id}`;
    expect(tenant).toMatchObject({ ...expected, contact_email: "a@example.test" });
    expect(await reviewed(sql)).toEqual(new Map());
  });

  test.each<[string, Row, string[]]>([
    ["with a wrong check digit", { rut: "12.345.678-9" }, ["tenants_rut_valid"]],
    ["with three letters for a RUT", { rut: "abc" }, ["tenants_rut_valid"]],
    ["with a RUT too low", { rut: "999.999-3" }, ["tenants_rut_valid"]],
    ["with a long name", { rut: "76086428-5", name: "L".repeat(200) }, ["tenants_business_name_length"]],
    [
      "with a name that turns text around",
      { rut: "76086428-5", name: "A\u202eB" },
      ["tenants_business_name_printable"],
    ],
    [
      "with a flag that is a text",
      { rut: "76086428-5", services: { crm: "yes" } },
      ["tenants_services_enabled_boolean_flags"],
    ],
    [
      "with an unknown flag",
      { rut: "76086428-5", services: { sms: true } },
      ["tenants_services_enabled_known_flags"],
    ],
    [
      "with flags that are a list",
      { rut: "76086428-5", services: ["crm"] },
      ["tenants_services_enabled_boolean_flags"],
    ],
    ["without an owner", { rut: "76086428-5", owner: " " }, ["tenants_owner_not_empty"]],
    ["with a negative id", { rut: "76086428-5", odoo_company_id: -1 }, ["tenants_odoo_company_id_positive"]],
    ["with blanks in an id", { rut: "76086428-5", n8n_project_id: "a b" }, ["tenants_n8n_project_id_shape"]],
    [
      "with everything wrong",
      { rut: "x", name: "", owner: "" },
      ["tenants_rut_valid", "tenants_business_name_length", "tenants_owner_not_empty"],
    ],
  ])("%s waits in the review, whole", async (_, given, reasons) => {
    const { url, sql } = await earlierProject();
    const id = await addTenant(sql, given);
    const [before] = await sql`select to_jsonb(t) as row from public.tenants t`;
    await migrate({ url });
    expect(await reviewed(sql)).toEqual(new Map([[id, { id, reasons, row: before?.row }]]));
    expect(await sql`select from public.tenants`).toHaveLength(0);
  });
});

test("of an owner's active tenants with one RUT in any spelling the oldest stays", async () => {
  const { url, sql } = await earlierProject();
  const second = await addTenant(sql, { rut: "76086428-5", created_at: "2025-02-01" });
  const first = await addTenant(sql, { rut: "76.086.428-5", created_at: "2025-01-01" });
  const others = await addTenant(sql, { rut: "76086428-5", owner: "user_2" });
  const inactive = await addTenant(sql, { rut: "76086428-5", active: false });
  await migrate({ url });
  const kept = await sql<{ id: string }[]>`select id from public.tenants`;
  expect(new Set(kept.map(({ id }) => id))).toEqual(new Set([first, others, inactive]));
  expect((await reviewed(sql)).get(second)?.reasons).toEqual(["tenants_owner_rut_active_key"]);
});

test("nothing is created at a vendor: no event is written, and each service of each tenant is held", async () => {
  const { url, sql } = await earlierProject();
  await addTenant(sql, { rut: "76086428-5", services: { ...off, crm: true } });
  // One row is converted and one moves; the earlier app's triggers fire for neither.
  await addTenant(sql, { rut: "10.000.013-k", active: false });
  await addTenant(sql, { rut: "abc" });
  await migrate({ url });
  expect(await sql`select from public.tenant_events`).toHaveLength(0);
  expect(await sql`select vendor from public.provision_holds`).toHaveLength(10);
  expect(await sql`select from public.sent`).toHaveLength(3);
});

test("the catalog is that of a new database, except for other objects of the earlier app", async () => {
  const [taken, fresh] = [await earlierProject(), await newDatabase()];
  const defaults = async () =>
    (await catalogOf(taken.sql)).filter((line) => line.startsWith("default privileges"));
  const before = await defaults();
  await migrate(taken);
  await migrate(fresh);
  const now = new Set(await catalogOf(taken.sql));
  expect((await catalogOf(fresh.sql)).filter((line) => !now.has(line))).toEqual([]);
  expect(await defaults()).toEqual(before);
  // Existing objects remain.
  expect(now).toContain("column public.tenants contact_email text f ");
  expect([...now].filter((line) => line.includes("Users see their own"))).toEqual([]);
  const [access] = await taken.sql`
    select has_table_privilege('anon', 'public.tenants', 'select') as anon,
      has_table_privilege('service_role', 'public.tenants', 'insert') as service_writes,
      has_table_privilege('service_role', 'public.tenants', 'select') as service_reads,
      has_table_privilege('dashboard_user', 'public.tenants', 'select') as others`;
  expect(access).toEqual({ anon: false, service_writes: false, service_reads: true, others: true });
});

test("the audit log is one partition, is counted in steps, and views of the earlier app show new calls too", async () => {
  const { url, sql } = await earlierProject();
  await sql`insert into public.mcp_invocations (user_id, tool, args, duration_ms, success, created_at)
    select 'user_1', 'tenants.list', '{}', 12, case when i % 7 <> 0 then true end, now() - i * interval '5 hours' from generate_series(1, 400) i`;
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at)
    values ('', 'x', 1, now()), ('u', '', -1, now()), ('u', 'x', 1, null), ('u', 'x', 1, now() + interval '9 years')`;
  await migrate({ url });
  expect(await sql`select from public.mcp_invocations`).toHaveLength(400);
  expect(await sql`select from only smarteros.mcp_invocations_default`).toHaveLength(0);
  expect([...(await sql`select reasons from smarteros.rows_in_review order by reasons`)]).toEqual([
    { reasons: ["mcp_invocations_created_at"] },
    { reasons: ["mcp_invocations_created_at"] },
    { reasons: ["mcp_invocations_tool_length", "mcp_invocations_duration_ms_not_negative"] },
    { reasons: ["mcp_invocations_user_id_not_empty"] },
  ]);
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at) values ('new', 'x', 1, now() + interval '2 days')`;
  expect(await sql`select from public.recent_calls where user_id = 'new'`).toHaveLength(1);
  expect(await sql`select region from public.mcp_invocations where region = 'scl'`).toHaveLength(401);
  for (let more = true; more; )
    [{ more } = { more: false }] = await sql<
      { more: boolean }[]
    >`select more from public.roll_up_calls(1000)`;
  const [counted] =
    await sql`select sum(calls)::int as calls from public.call_rollups where resolution = 'day' and scope = 'all' and tool = ''`;
  const [days] = await sql`select count(*)::int as calls from public.mcp_invocations
    where created_at < (select days_until from smarteros.rollup_progress)`;
  expect(counted).toEqual(days);
});

test("probes are counted by the day, invalid ones move to the review, and old ones are not dropped", async () => {
  const { url, sql } = await earlierProject();
  await sql`insert into public.external_health (service, status, latency_ms, metadata, created_at)
    select 'web', 'ok', 40, '{}', now() - i * interval '1 day' from generate_series(1, 200) i`;
  await sql`insert into public.external_health (service, status, metadata) values ('web', 'down', '{}'), ('web', 'ok', '[]')`;
  await migrate({ url });
  for (let more = true; more; )
    [{ more } = { more: false }] = await sql<{ more: boolean }[]>`select more from public.roll_up_health()`;
  expect(await sql`select from public.external_health`).toHaveLength(200);
  expect((await sql`select from smarteros.health_days`).length).toBeGreaterThan(95);
  expect(await sql`select from smarteros.rows_in_review where source = 'external_health'`).toHaveLength(2);
});

test("owners get the ids of --owners in the same transaction", async () => {
  const { url, sql } = await earlierProject();
  await addTenant(sql, { rut: "76086428-5", owner: "user_test" });
  const bad = await addTenant(sql, { rut: "abc", owner: "user_test" });
  await migrate({ url, owners: [{ old: "user_test", new: "user_live" }] });
  expect([
    ...(await sql`select clerk_user_id from public.tenants union all select clerk_user_id from public.tenants_in_review`),
  ]).toEqual([{ clerk_user_id: "user_live" }, { clerk_user_id: "user_live" }]);
  expect((await reviewed(sql)).get(bad)?.row.clerk_user_id).toBe("user_test");
});

test("a row in review that another table references stops the adoption by name, and nothing changes", async () => {
  const { url, sql } = await earlierProject();
  const id = await addTenant(sql, { rut: "abc" });
  await sql`insert into public.invoices (tenant_id) values (${id})`;
  const before = await catalogOf(sql);
  await expect(migrate({ url })).rejects.toThrow(
    "1 rows of invoices refer by tenant_id to tenants that break a rule",
  );
  expect(await catalogOf(sql)).toEqual(before);
  expect(await sql`select from public.invoices`).toHaveLength(1);
  expect((await planMigration(url)).obstacles).toEqual([expect.stringContaining(id)]);
});

test("all of 10 000 mixed rows remain: 7 000 valid ones as tenants, 3 000 in review, no event", async () => {
  const { url, sql } = await newDatabase();
  // Exactly as 0.2 created it; the extras of another app are tested above.
  await sql.unsafe(`
    create table public.tenants (
      id uuid primary key default gen_random_uuid(), rut text not null, business_name text not null, clerk_user_id text not null,
      services_enabled jsonb, active boolean default true, created_at timestamptz default now(), updated_at timestamptz default now());
    create function pg_temp.rut(body int) returns text language sql as $$
      select body || '-' || (array['0', 'K', '9', '8', '7', '6', '5', '4', '3', '2', '1'])
        [1 + sum(substr(reverse(body::text), i, 1)::int * (2 + (i - 1) % 6)) % 11]
      from generate_series(1, length(body::text)) i $$;
    insert into public.tenants (rut, business_name, clerk_user_id, services_enabled, active)
    select case n % 10
        when 0 then regexp_replace(rut, '^(..)(...)(...)', '\\1.\\2.\\3') when 1 then lower(rut) when 2 then replace(rut, '-', '')
        when 3 then 'abc' when 4 then '12345678-9' else rut end,
      case when n % 10 = 5 then repeat('L', 200) else 'Empresa ' || n end, 'user_' || n % 500,
      case n % 4 when 0 then '{"crm": true}' when 1 then null when 2 then '{"crm": true, "bot": false}' else '{}' end::jsonb, n % 9 <> 0
    from (select n, pg_temp.rut(10000000 + n * 37) as rut from generate_series(1, 10000) n) numbers`);
  const ids = async () => new Set((await sql`select id from public.tenants`).map(({ id }) => id));
  const before = await ids();
  const { adopted } = await migrate({ url });
  const kept = new Set([...(await ids()), ...(await reviewed(sql)).keys()]);
  expect(kept).toEqual(before);
  // Seven of ten are valid: dotted, with a small K, without a dash, and in the stored form.
  expect(adopted).toMatchObject({ tenants: 7_000, tenantsInReview: 3_000 });
  expect(await sql`select from public.tenant_events`).toHaveLength(0);
});

test("names that another app uses are refused before any change", async () => {
  const { url, sql } = await newDatabase();
  await sql`create function public.list_tenants() returns int language sql as 'select 7'`;
  await sql`create view public.tenant_services as select 7 as seven`;
  await expect(migrate({ url })).rejects.toThrow(
    "another app of this project has these names; rename or move them first: list_tenants, tenant_services",
  );
  expect(await sql`select public.list_tenants() as answer, seven from public.tenant_services`).toMatchObject([
    { answer: 7, seven: 7 },
  ]);
});

test("a project with only some of the tables is adopted", async () => {
  const { url, sql } = await newDatabase();
  await sql`create table public.mcp_invocations (id uuid primary key, user_id text, tool text, duration_ms int, created_at timestamptz)`;
  await sql`insert into public.mcp_invocations values (gen_random_uuid(), 'u', 'x', 1, now())`;
  await migrate({ url });
  expect(await sql`select from public.mcp_invocations`).toHaveLength(1);
  expect(await sql`select from public.tenants`).toHaveLength(0);
});

describe("--plan", () => {
  test("changes nothing, and predicts the changes of applying", async () => {
    const { url, sql } = await earlierProject();
    await addTenant(sql, { rut: "76.086.428-5" });
    const wrong = await addTenant(sql, { rut: "abc" });
    await addTenant(sql, { rut: "10000013-K", owner: "user_2" });
    await sql`insert into public.mcp_invocations (user_id, tool, duration_ms) values ('', 'x', 1)`;
    await sql`create table public.alert_rules (id int)`;
    const before = await catalogOf(sql);
    const plan = await planMigration(url);
    expect(await catalogOf(sql)).toEqual(before);
    expect(plan).toMatchObject({
      from: "0.2",
      takenNames: ["alert_rules"],
      tenants: { rows: 3, fit: 2, changed: 1 },
      obstacles: [],
      owners: ["user_1", "user_2"],
      lostPolicies: ["Users see their own on tenants"],
    });
    expect(plan.brokenRules).toEqual([
      { table: "tenants", rule: "tenants_rut_valid", rows: 1, ids: [wrong] },
      {
        table: "mcp_invocations",
        rule: "mcp_invocations_user_id_not_empty",
        rows: 1,
        ids: [expect.any(String)],
      },
    ]);
    expect(plan.lostWrites).toContainEqual(
      expect.objectContaining({ role: "service_role", table: "tenants", privilege: "insert" }),
    );
    expect(plan.lostWrites).not.toContainEqual(
      expect.objectContaining({ role: "service_role", table: "external_health", privilege: "insert" }),
    );
    expect(plan.lostForAnon.join("; ")).toMatch(/select.* on mcp_invocations/);
    expect(plan.stays.join("; ")).toMatch(/tenants_notify on tenants.*/);
    expect(plan.stays.join("; ")).toMatch(/column contact_email of tenants, which may be null/);
    expect(plan.stays.join("; ")).toMatch(/view recent_calls reads mcp_invocations/);
    await sql`drop table public.alert_rules`;
    expect(await migrate({ url })).toMatchObject({
      adopted: { tenants: 2, tenantsInReview: 1, tenantsChanged: 1 },
    });
  });

  test("of a new and of a migrated database lists what is missing", async () => {
    const { url } = await newDatabase();
    expect(await planMigration(url)).toMatchObject({ from: "empty", obstacles: [], takenNames: [] });
    await migrate({ url });
    expect(await planMigration(url)).toMatchObject({
      from: (await readSource()).migrations.at(-1)?.name,
      migrations: [],
      definitions: [],
      takenNames: [],
    });
  });
});

describe("the service role", () => {
  const asService = <T>(sql: postgres.Sql, work: (transaction: postgres.TransactionSql) => Promise<T>) =>
    sql.begin(async (transaction) => {
      await transaction`set local role service_role`;
      return work(transaction);
    });
  const write = (transaction: postgres.TransactionSql) => transaction`
    insert into public.tenants (rut, business_name, clerk_user_id) values ('76086428-5', 'Uno', 'user_1') returning id`;

  test("writes tenants only with serviceWrites, under the same constraints and recorded", async () => {
    const { url, sql } = await earlierProject();
    await migrate({ url });
    await expect(asService(sql, write)).rejects.toThrow("permission denied");
    await migrate({ url, serviceWrites: true });
    await migrate({ url });
    const [made] = await asService(sql, write);
    await asService(
      sql,
      (transaction) => transaction`update public.tenants set active = false where id = ${made?.id}`,
    );
    await expect(
      asService(
        sql,
        (transaction) => transaction`update public.tenants set rut = 'abc' where id = ${made?.id}`,
      ),
    ).rejects.toThrow("tenants_rut_valid");
    await expect(
      asService(sql, (transaction) => transaction`delete from public.tenants where id = ${made?.id}`),
    ).rejects.toThrow("permission denied");
    expect([
      ...(await sql`select user_id, tool, tenant_id, args::jsonb ->> 'operation' as operation from public.mcp_invocations order by created_at`),
    ]).toEqual([
      { user_id: "service_role", tool: "tenants.serviceWrite", tenant_id: made?.id, operation: "insert" },
      { user_id: "service_role", tool: "tenants.serviceWrite", tenant_id: made?.id, operation: "update" },
    ]);
    await migrate({ url, serviceWrites: false });
    await expect(asService(sql, write)).rejects.toThrow("permission denied");
  });
});

test("rolling back restores everything, with the rows written since", async () => {
  const { url, sql } = await earlierProject();
  const dotted = await addTenant(sql, {
    rut: "76.086.428-5",
    botpress_workspace_id: "wk9",
    services: { crm: true },
  });
  const wrong = await addTenant(sql, { rut: "abc" });
  await sql`insert into public.invoices (tenant_id) values (${dotted})`;
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at) values ('user_1', 'x', 1, now() - interval '3 days'), ('', 'x', 1, now())`;
  await sql`insert into public.external_health (service, status) values ('web', 'ok'), ('web', 'down')`;
  const before = await catalogOf(sql);
  const rows = async () => [...(await sql`select to_jsonb(t) as row from public.tenants t order by id`)];
  const tenantsBefore = await rows();
  await migrate({ url });
  await sql.begin(async (transaction) => {
    await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', '{"sub": "user_3"}', true)`;
    await transaction`select public.create_tenant('10000013-K', 'Nueva')`;
  });
  await sql`update public.tenants set contact_email = 'new@example.test' where rut = '10000013-K'`;
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at) values ('later', 'x', 1, now() + interval '2 days')`;
  await rollBack(url);

  // Added columns stay, with defaults, and so does the key of the audit log; everything else is restored.
  const added =
    /^(column public.(tenants deleted_at|mcp_invocations (created_at|recorded_by|transport|tenant_id|code|request_id|trace_id|redacted|calls|recorded_at)) |constraint public.mcp_invocations mcp_invocations_pkey|index public.mcp_invocations)/;
  const now = await catalogOf(sql);
  expect(before.filter((line) => !now.includes(line) && !added.test(line))).toEqual([]);
  expect(
    now.filter(
      (line) =>
        !before.includes(line) &&
        !added.test(line) &&
        !/^(relation|index) public\.mcp_invocations/.test(line),
    ),
  ).toEqual([]);
  const tenantsNow = await rows();
  expect(tenantsNow).toHaveLength(3);
  for (const { row } of tenantsBefore)
    expect(tenantsNow.find((one) => one.row.id === row.id)?.row).toMatchObject(row);
  expect(tenantsNow.find((one) => one.row.id === wrong)?.row.rut).toBe("abc");
  expect(await sql`select from public.mcp_invocations`).toHaveLength(3);
  expect(await sql`select from public.external_health`).toHaveLength(2);
  // Writes of 0.2 are accepted again.
  await addTenant(sql, { rut: "xyz", services: { crm: "yes" } });
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms) values ('', '', -1)`;
  expect(await sql`select from public.recent_calls where user_id = 'later'`).toHaveLength(1);
  // It can be adopted again.
  await migrate({ url });
  expect(await sql`select from public.tenants`).toHaveLength(2);
});

test("rolling back is refused when nothing was adopted", async () => {
  const { url } = await newDatabase();
  await expect(rollBack(url)).rejects.toThrow("nothing of 0.2 was taken over here");
  await migrate({ url });
  await expect(rollBack(url)).rejects.toThrow("nothing of 0.2 was taken over here");
});
