import type postgres from "postgres";
import { expect, test } from "vitest";
import { anyRut } from "./ruts.ts";
import { newMigratedDatabase } from "./scratch.ts";

// Needs a separate database, because a pass evaluates all of its rows.
async function migrated(): Promise<postgres.Sql> {
  const { sql } = await newMigratedDatabase();
  return sql;
}

/** Runs `work` as PostgREST would for an administrator. */
function asAdmin<T>(sql: postgres.Sql, work: (transaction: postgres.TransactionSql) => Promise<T>) {
  const claims = { sub: "user_admin", role: "authenticated", metadata: { role: "admin" } };
  return sql.begin(async (transaction) => {
    await transaction`select set_config('role', 'authenticated', true),
      set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
    return work(transaction);
  });
}

async function addTarget(sql: postgres.Sql, name: string, kind = "webhook"): Promise<string> {
  const settings = { url: `https://hooks.example/${name}-secret` };
  const [added] = await asAdmin(
    sql,
    (as) => as<[{ id: string }]>`
      select id from public.add_alert_target(${name}, ${kind}, 'hooks.example', ${as.json(settings)})`,
  );
  return added.id;
}

type Reading = {
  version: number;
  state: unknown;
  rules: { id: string }[];
  mutes: Record<string, string>;
  observations: {
    calls: {
      minutes: number;
      tool: string;
      calls: number;
      failed: number;
      slow: Record<string, number>;
    }[];
    probes: { service: string; status: string; error: string | null }[];
    provisioning: { vendor: string; failed: number; kinds: string[] }[];
  };
};

async function read(sql: postgres.Sql, minutes: number[] = [5, 360], slowMs: number[] = [2000]) {
  const [{ reading }] = await sql<[{ reading: Reading }]>`
    select public.read_alerts(${minutes}, ${slowMs}) as reading`;
  return reading;
}

type Notification = { key: string; kind: string; targets: string[] | null };

async function store(
  sql: postgres.Sql,
  version: number,
  notifications: Notification[],
  incidents: object[] = [],
) {
  const json = (value: unknown) => sql.json(value as postgres.JSONValue);
  const [{ stored }] = await sql<[{ stored: boolean }]>`
    select public.store_alert_pass(${version}, ${json({ version })}, '[]', ${json(incidents)}, ${json(notifications)})
      as stored`;
  return stored;
}

const opened = (key: string, targets: string[] | null = null) => ({ key, kind: "opened", targets });
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test("calls are counted correctly with and without rollups", async () => {
  const sql = await migrated();
  const codes = ["ok", "internal", "invalid_input", "upstream_timeout", "not_found"];
  const rows = Array.from({ length: 3_000 }, (_, index) => {
    const code = codes[index % codes.length] ?? "ok";
    return {
      user_id: "user",
      tool: index % 3 === 0 ? "tenants.get" : "tenants.list",
      duration_ms: (index * 37) % 5_000,
      success: code === "ok",
      code,
      created_at: minutesAgo(0.5 + index / 4),
    };
  });
  await sql`insert into public.mcp_invocations ${sql(rows)}`;
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, success, code, calls)
    values ('user', 'tenants.get', 1, false, 'rate_limited', 90)`;
  // A latency is exact to the width of a bin.
  const truth = await sql`
    select m.minutes, i.tool, count(*)::integer as calls,
      (count(*) filter (where i.code in ('internal', 'upstream_timeout')))::integer as failed,
      (count(*) filter (where i.duration_ms > 2000))::integer as slow,
      (count(*) filter (where i.duration_ms > 2000 * 1.0203))::integer as surely_slow
    from unnest(array[5, 30, 60, 360]) as m (minutes)
    join public.mcp_invocations i on i.created_at >= now() - make_interval(mins => m.minutes)
    where i.code <> 'rate_limited'
    group by 1, 2`;
  const expectTruth = async () => {
    const { calls } = (await read(sql, [60, 5, 360, 30, 60])).observations;
    expect(calls).toHaveLength(truth.length);
    for (const { slow, surely_slow, ...counts } of truth) {
      const found = calls.find(({ minutes, tool }) => minutes === counts.minutes && tool === counts.tool);
      expect(found).toMatchObject(counts);
      expect(found?.slow["2000"]).toBeGreaterThanOrEqual(surely_slow);
      expect(found?.slow["2000"]).toBeLessThanOrEqual(slow);
    }
  };
  await expectTruth();
  await sql`select public.roll_up_calls(1000)`;
  await expectTruth();
  // Calls of whole hours are read from the rollups: without rollups they would be missing.
  await sql`delete from public.mcp_invocations i where i.code = 'ok'
    and i.created_at >= date_trunc('hour', now() - interval '5 hours') and i.created_at < date_trunc('hour', now() - interval '1 hour')`;
  await expectTruth();
});

test("the newest probe of each service is read, and the steps that failed within the hour", async () => {
  const sql = await migrated();
  await sql`insert into public.external_health (service, status, error_message, created_at) values
    ('web', 'error', 'status 503', now() - interval '1 minute'), ('web', 'ok', null, now() - interval '2 minutes'),
    ('backend', 'ok', null, now()), ('gone', 'error', 'timeout', now() - interval '25 hours')`;
  const [tenant] = await sql<[{ id: string }]>`
    insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Demo', 'user') returning id`;
  const [run] = await sql<[{ id: string }]>`
    insert into public.provision_runs (tenant_id, requested_by) values (${tenant.id}, 'user') returning id`;
  await sql`insert into public.provision_steps (run_id, tenant_id, vendor, action, state, error_kind, finished_at) values
    (${run.id}, ${tenant.id}, 'odoo', 'provision', 'failed', 'auth', now() - interval '10 minutes'),
    (${run.id}, ${tenant.id}, 'n8n', 'provision', 'failed', 'quota', now() - interval '70 minutes'),
    (${run.id}, ${tenant.id}, 'metabase', 'provision', 'succeeded', null, now())`;
  const { observations } = await read(sql);
  const byName = (a: { service: string }, b: { service: string }) => a.service.localeCompare(b.service);
  expect(observations.probes.sort(byName)).toEqual([
    { service: "backend", status: "ok", error: null, at: expect.any(String) },
    { service: "web", status: "error", error: "status 503", at: expect.any(String) },
  ]);
  expect(observations.provisioning.sort((a, b) => a.vendor.localeCompare(b.vendor))).toEqual([
    { vendor: "metabase", failed: 0, kinds: [] },
    { vendor: "n8n", failed: 0, kinds: [] },
    { vendor: "odoo", failed: 1, kinds: ["auth"] },
  ]);
});

test("of two passes over one state the first is stored with its notifications, and the other is not", async () => {
  const sql = await migrated();
  await addTarget(sql, "ops");
  expect(await read(sql)).toMatchObject({ version: 0, state: null });
  expect(await Promise.all([store(sql, 0, [opened("a#1")]), store(sql, 0, [opened("b#1")])])).toContain(
    false,
  );
  expect(await sql`select from public.alert_deliveries`).toHaveLength(1);
  expect(await read(sql)).toMatchObject({ version: 1, state: { version: 0 } });
  expect(await store(sql, 1, [opened("c#1")])).toBe(true);
  expect(await store(sql, 1, [opened("d#1")])).toBe(false);
  // The same key again, as after a restore from a backup.
  expect(await store(sql, 2, [opened("c#1")])).toBe(true);
  const told = await sql`select notification from public.alert_deliveries`;
  expect(told.map(({ notification }) => notification)).toEqual([expect.stringMatching(/^[ab]#1$/), "c#1"]);
});

test("a pass is stored completely or not at all", async () => {
  const sql = await migrated();
  await addTarget(sql, "ops");
  const impossible = { id: "a", group: "a", openedAt: "2026-01-01T00:00:00Z", closedAt: null, subjects: {} };
  await expect(store(sql, 0, [opened("a#1")], [impossible])).rejects.toThrow(
    "alert_incidents_subjects_array",
  );
  expect(await read(sql)).toMatchObject({ version: 0, state: null });
  expect(await sql`select from public.alert_deliveries`).toHaveLength(0);
});

test("a closed incident still lists its failures", async () => {
  const sql = await migrated();
  const incident = { id: "web@1", group: "web", openedAt: "2026-01-01T00:00:00Z", closedAt: null };
  const subjects = [{ rule: "web", subject: "web", why: "status 503" }];
  await store(sql, 0, [], [{ ...incident, subjects }]);
  await store(sql, 1, [], [{ ...incident, closedAt: "2026-01-01T01:00:00Z", subjects: [] }]);
  const [kept] = await sql`select subjects, closed_at from public.alert_incidents`;
  expect(kept).toEqual({ subjects, closed_at: new Date("2026-01-01T01:00:00Z") });
});

test("a notification goes to its named targets, or to all when none of them exists", async () => {
  const sql = await migrated();
  await addTarget(sql, "ops");
  await addTarget(sql, "boss");
  const gone = await addTarget(sql, "gone");
  await asAdmin(sql, (as) => as`select public.remove_alert_target(${gone})`);
  await store(sql, 0, [
    opened("all#1"),
    opened("one#1", ["boss", "gone"]),
    opened("lost#1", ["gone"]),
    opened("none#1", []),
  ]);
  const told = await sql`select d.notification || ' ' || t.name as pair
    from public.alert_deliveries d join public.alert_targets t on t.id = d.target_id order by 1`;
  expect(told.map(({ pair }) => pair)).toEqual([
    "all#1 boss",
    "all#1 ops",
    "lost#1 boss",
    "lost#1 ops",
    "one#1 boss",
  ]);
});

test("an incident's end goes to the targets that were notified of it, when its named target is gone", async () => {
  const sql = await migrated();
  const heard = await addTarget(sql, "heard");
  await addTarget(sql, "other");
  const of = (incident: string, kind: string, target: string) => ({
    key: `${incident} ${kind}`,
    incident,
    kind,
    targets: [target],
  });
  await store(sql, 0, [of("one", "opened", "heard"), of("all", "opened", "gone")]);
  await asAdmin(sql, (as) => as`select public.remove_alert_target(${heard})`);
  await store(sql, 1, [of("one", "resolved", "heard"), of("all", "resolved", "gone")]);
  const told = await sql`select notification || ': ' || t.name as line
    from public.alert_deliveries d join public.alert_targets t on t.id = d.target_id where t.name = 'other' order by 1`;
  expect(told.map(({ line }) => line)).toEqual(["all opened: other", "all resolved: other"]);
});

test("a delivery is leased to one worker for a minute, is retried when due, and ends once", async () => {
  const sql = await migrated();
  await addTarget(sql, "ops");
  await store(sql, 0, [opened("a#1"), opened("b#1")]);
  const claim = () =>
    sql<
      { id: string; attempts: number; settings: unknown }[]
    >`select * from public.claim_alert_deliveries(1)`;
  const [[first], [second]] = await Promise.all([claim(), claim()]);
  expect(new Set([first?.id, second?.id]).size).toBe(2);
  expect(first).toMatchObject({ attempts: 1, settings: { url: "https://hooks.example/ops-secret" } });
  expect(await claim()).toHaveLength(0);
  const end = async (id: string | undefined, delivered: boolean, retryAt: Date | null) => {
    const [{ ended }] = await sql<[{ ended: boolean }]>`
      select public.end_alert_delivery(${id ?? null}, ${delivered}, 503, 'status 503', ${retryAt}) as ended`;
    return ended;
  };
  expect(await end(first?.id, false, minutesAgo(1))).toBe(true);
  expect(await claim()).toMatchObject([{ id: first?.id, attempts: 2 }]);
  expect(await end(first?.id, true, null)).toBe(true);
  expect(await end(first?.id, false, null)).toBe(false);
  expect(await end(second?.id, false, null)).toBe(true);
  const states = await sql`select state from public.alert_deliveries order by state`;
  expect(states.map(({ state }) => state)).toEqual(["delivered", "failed"]);
});

test("a target's secrets are unreadable and are deleted with it", async () => {
  const sql = await migrated();
  const id = await addTarget(sql, "ops");
  const peek = (role: string) =>
    sql.begin(async (as) => {
      await as`select set_config('role', ${role}, true)`;
      return as`select settings from smarteros.alert_target_secrets`;
    });
  for (const role of ["anon", "authenticated", "service_role", "smarteros_fn"])
    await expect(peek(role), role).rejects.toThrow("permission denied");
  await store(sql, 0, [opened("a#1")]);
  await asAdmin(sql, (as) => as`select public.remove_alert_target(${id})`);
  expect(await sql`select from smarteros.alert_target_secrets`).toHaveLength(0);
  expect(await sql`select * from public.claim_alert_deliveries()`).toHaveLength(0);
  expect(await sql`select state, last_error from public.alert_deliveries`).toEqual([
    { state: "failed", last_error: "the target was removed" },
  ]);
  const [row] = await sql`select to_jsonb(t)::text as text from public.alert_targets t`;
  expect(row?.text).not.toContain("secret");
});

test("an administrator's rules, thresholds and mutes are read by the next pass", async () => {
  const sql = await migrated();
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms) values ('user', 'tenants.get', 700)`;
  const rule = { id: "quick", kind: "latency", thresholdMs: 500 };
  await asAdmin(sql, (as) => as`select public.save_alert_rule(${as.json(rule)})`);
  await asAdmin(sql, (as) => as`select public.mute_alert_rule('quick', now() + interval '1 hour')`);
  const { rules, mutes, observations } = await read(sql);
  expect(rules).toEqual([rule]);
  expect(Object.keys(mutes)).toEqual(["quick"]);
  expect(observations.calls[0]?.slow).toEqual({ 500: 1, 2000: 0 });
  await asAdmin(sql, (as) => as`select public.mute_alert_rule('quick', now())`);
  await asAdmin(sql, (as) => as`select public.delete_alert_rule('quick')`);
  expect(await read(sql)).toMatchObject({ rules: [], mutes: {} });
  for (const wrong of [{ id: "Quick", kind: "latency" }, { id: "quick", kind: "guess" }, { id: "quick" }])
    await expect(asAdmin(sql, (as) => as`select public.save_alert_rule(${as.json(wrong)})`)).rejects.toThrow(
      /alert_rules_/,
    );
});

test("a target takes the name of any channel, and no other text for it", async () => {
  const sql = await migrated();
  await addTarget(sql, "of another channel", "pager-duty");
  for (const kind of ["", "Slack", "-slack", "slack 2", "s".repeat(33)])
    await expect(addTarget(sql, `refused ${kind}`, kind)).rejects.toMatchObject({
      constraint_name: "alert_targets_kind_well_formed",
    });
});
