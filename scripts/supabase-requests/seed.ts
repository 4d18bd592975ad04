import type postgres from "postgres";
import { anyRut } from "../../sql/test/ruts.ts";

/** Rows of each table: more than one page with `max-rows` 50. */
export const seededRows = 60;

/**
 * Inserts more rows than a page into every table that the product lists. Resolves to the ids that the scenarios use.
 */
export async function seed(sql: postgres.Sql) {
  const numbers = Array.from({ length: seededRows }, (_, index) => index + 1);
  const moment = (minutesAgo: number) => new Date(Date.UTC(2026, 0, 10) - minutesAgo * 60_000).toISOString();
  const tenants = await sql<{ id: string; rut: string }[]>`insert into public.tenants ${sql(
    numbers.map((number) => ({
      rut: anyRut(),
      business_name: `Empresa ${number}`,
      clerk_user_id: "user_operator_a",
      created_at: moment(number),
      odoo_company_id: number,
      n8n_project_id: `tag:${number}`,
    })),
  )} returning id, rut`;
  const proposal = {
    rut: "abc",
    business_name: "En revisión",
    services_enabled: { crm: false, bot: false, erp: false, workflows: false, kpi: false },
    active: true,
    created_at: moment(0),
    updated_at: moment(0),
  };
  await sql`insert into public.tenants_in_review ${sql(
    numbers.map((number) => ({
      id: crypto.randomUUID(),
      clerk_user_id: "user_operator_a",
      row: sql.json({}) as unknown as string,
      proposal: sql.json(proposal) as unknown as string,
      reasons: ["tenants_rut_valid"],
      created_at: moment(number),
    })),
  )}`;
  await sql`insert into public.provision_holds (tenant_id, vendor)
    select id, 'chatwoot' from public.tenants where odoo_company_id <= 30`;
  await sql`update public.tenant_events set created_at = ${moment(0)}, processed_at = case when id % 2 = 0 then now() end where true`;
  const runs = await sql<{ id: string; tenant_id: string }[]>`insert into public.provision_runs ${sql(
    tenants.map(({ id }, index) => ({
      tenant_id: id,
      requested_by: "user_operator_a",
      created_at: moment(index),
    })),
  )} returning id, tenant_id`;
  await sql`
    insert into public.provision_steps (run_id, tenant_id, vendor, action, state)
    select r.id, r.tenant_id, v.vendor, 'provision', v.state from public.provision_runs r,
      (values ('chatwoot', 'queued'), ('botpress', 'failed'), ('metabase', 'queued')) as v (vendor, state)`;
  await sql`select public.ensure_partitions()`;
  await sql`insert into public.mcp_invocations ${sql(
    numbers.map((number) => ({
      user_id: "user_operator_a",
      tool: "tenants.list",
      tenant_id: tenants[0]?.id ?? null,
      args: '{"limit":50}',
      result: "{}",
      duration_ms: number,
      success: true,
      code: "ok",
      created_at: new Date(Date.now() - 3 * 3_600_000 - number * 1000).toISOString(),
    })),
  )}`;
  await sql`insert into public.external_health ${sql(
    numbers.map((number) => ({
      service: "web",
      status: number % 9 === 0 ? "error" : "ok",
      latency_ms: number,
      created_at: new Date(Date.now() - number * 60_000).toISOString(),
    })),
  )}`;
  await sql`select public.roll_up_health()`;
  await seedAlerts(sql, numbers, moment);
  const [target] = await sql<[{ id: string }]>`select id from public.alert_targets order by name limit 1`;
  return { tenants, runs, target: target.id };
}

async function seedAlerts(sql: postgres.Sql, numbers: number[], moment: (minutesAgo: number) => string) {
  const created_by = "user_admin";
  const none = sql.json([]) as unknown as string;
  await sql`insert into public.alert_rules ${sql(
    numbers.map((number) => ({
      id: `rule-${number}`,
      definition: sql.json({ id: `rule-${number}`, kind: "probe" }) as unknown as string,
      created_by,
    })),
  )}`;
  await sql`insert into public.alert_mutes ${sql(
    numbers.map((number) => ({
      rule: `rule-${number}`,
      until: "2099-01-01T00:00:00Z",
      muted_by: created_by,
    })),
  )}`;
  await sql`insert into public.alert_targets ${sql(
    numbers.map((number) => ({
      name: `Target ${number}`,
      kind: "webhook",
      address: "hooks.example",
      created_by,
    })),
  )}`;
  await sql`
    insert into smarteros.alert_target_secrets (target_id, settings)
    select id, '{"kind": "webhook", "url": "https://hooks.example/x", "secret": "0123456789abcdef"}' from public.alert_targets`;
  await sql`insert into public.alert_incidents ${sql(
    numbers.flatMap((number) => [
      { id: `open-${number}`, alert_group: "a", opened_at: moment(number), closed_at: null, subjects: none },
      {
        id: `closed-${number}`,
        alert_group: "a",
        opened_at: moment(number),
        closed_at: moment(0),
        subjects: none,
      },
    ]),
  )}`;
  await sql`
    insert into public.alert_deliveries (notification, target_id, kind, payload, created_at)
    select 'n-' || name, id, 'test', '{}', ${moment(0)} from public.alert_targets`;
}
