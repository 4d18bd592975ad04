import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSupabase } from "@smarteros/local/stack";
import { migrate } from "@smarteros/sql";
import postgres, { type Sql } from "postgres";
import { type Comparison, compare } from "./measure.ts";
import { type Size, sized } from "./size.ts";

/**
 * Measures adopting a database of 0.2 with 10 000 tenants, a fifth of them with an invalid RUT, and 1 000 000 calls,
 * compared with copying the same calls into a current database. Fails when a row is lost or a resource would be created
 * at a vendor.
 */
export async function upgrade(size: Size): Promise<Comparison[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const stack = await startSupabase({
    dataDirectory: path.join(folder, "data"),
    webOrigin: "http://127.0.0.1:3000",
    log: () => undefined,
  });
  const superuser = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  const tenants = sized(size, 10_000, 100);
  const calls = sized(size, 1_000_000, 1_000);
  try {
    await superuser.unsafe("create database earlier owner postgres");
    const url = stack.postgresUrl.replace(/\/postgres$/, "/earlier");
    const earlier = postgres(url, { max: 1, onnotice: () => undefined });
    await fill(earlier, tenants, calls);
    const takenOver = await timed(() => migrate({ url }));
    await expectWhole(earlier, tenants, calls);
    const copied = await timed(() => earlier.unsafe(copy(calls)));
    await earlier.end();
    return [
      compare(
        `upgrade: ${tenants} tenants and ${calls} calls of 0.2`,
        "s",
        [takenOver, copied],
        "copying the calls alone",
        { better: "lower", atMost: 30, of: "value" },
      ),
    ];
  } finally {
    await superuser.end();
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

/** Creates the tables of 0.2. Every fifth tenant has a wrong check digit. */
async function fill(sql: Sql, tenants: number, calls: number): Promise<void> {
  await sql.unsafe(`
    create table public.tenants (
      id uuid primary key default gen_random_uuid(), rut text not null, business_name text not null, clerk_user_id text not null,
      services_enabled jsonb default '{}', chatwoot_inbox_id int, botpress_workspace_id text, odoo_company_id int,
      n8n_project_id text, metabase_dashboard_id text, active boolean default true,
      created_at timestamptz default now(), updated_at timestamptz default now());
    create table public.mcp_invocations (
      id uuid primary key default gen_random_uuid(), user_id text not null, tool text not null, args text, result text,
      duration_ms int not null, success boolean default true, created_at timestamptz default now());
    create function pg_temp.digit(body text) returns text language sql as $$
      select (array['0', 'K', '9', '8', '7', '6', '5', '4', '3', '2', '1'])[1 + sum(substr(reverse(body), i, 1)::int * (2 + (i - 1) % 6)) % 11]
      from generate_series(1, length(body)) i $$;
    insert into public.tenants (rut, business_name, clerk_user_id)
    select case when n % 5 = 0 then '12345678-9' else body || '-' || pg_temp.digit(body) end, 'Empresa ' || n, 'user_' || n
    from (select n, (10000000 + n)::text as body from generate_series(1, ${tenants}) n) numbers;
    insert into public.mcp_invocations (user_id, tool, args, result, duration_ms, created_at)
    select 'user_' || n % 500, 'tenants.list', '{"limit":50}', repeat('x', 200), n % 900, now() - n * interval '1 minute'
    from generate_series(1, ${calls}) n;`);
}

async function expectWhole(sql: Sql, tenants: number, calls: number): Promise<void> {
  const [found] = await sql<[Record<string, number>]>`
    select (select count(*) from public.tenants)::int as tenants, (select count(*) from public.tenants_in_review)::int as review,
      (select count(*) from public.mcp_invocations)::int as calls, (select count(*) from public.tenant_events)::int as events`;
  const { review = 0, events } = found;
  if (
    Number(found.tenants) + review !== tenants ||
    review !== tenants / 5 ||
    found.calls !== calls ||
    events !== 0
  )
    throw new Error(`rows were lost, or events written: ${JSON.stringify(found)}`);
}

const copy = (calls: number) => `
  create table public.copied (like public.mcp_invocations including all);
  insert into public.copied select * from public.mcp_invocations limit ${calls};`;
