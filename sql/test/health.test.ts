import { beforeAll, describe, expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser, violated } from "./embedded.ts";

type Bar = { at: string; state: string; samples: number; uptime: number | null; p50: number | null };
type Service = Bar & { service: string; status: string; p95: number; p99: number; bars: Bar[] };
type Incident = { service: string; from: string; to: string | null; failures: number; reason: string };
type Window = { id: string; service: string | null; reason: string };
type Timeline = {
  step: string;
  countedFrom: string | null;
  services: Service[];
  incidents: Incident[];
  windows: Window[];
};
type Seen = [minutesAgo: number, status: string, latency?: number];

const minute = 60_000;
const day = 1_440;
const admin = newOwner("admin");
const names = Object.fromEntries(
  ["flaky", "slow", "kept", "late"].map((name) => [name, `${name}-${crypto.randomUUID().slice(0, 8)}`]),
) as Record<"flaky" | "slow" | "kept" | "late", string>;
const now = Date.now();
const ago = (minutes: number) => new Date(Math.round(now - minutes * minute)).toISOString();
// At noon UTC, so that no midnight falls between.
const second = (now - (Math.floor(now / (day * minute)) - 1.5) * day * minute) / minute;
const third = second + day;

async function see(service: string, rows: Seen[]) {
  const values = rows.map(([minutes, status, latency = 100]) => ({
    service,
    status,
    latency_ms: latency,
    error_message: status === "error" ? "timeout" : null,
    created_at: ago(minutes),
  }));
  await asService((sql) => sql`insert into public.external_health ${sql(values)}`);
}
const rollUp = () => asService((sql) => sql`select * from public.roll_up_health(3, 2)`);

async function timeline(service: string, days = 90, sub = newOwner(), role?: string): Promise<Timeline> {
  const [row] = await asUser(
    sub,
    (sql) => sql<[{ timeline: Timeline }]>`select public.health_timeline(${days}, ${service}) as timeline`,
    role,
  );
  return row.timeline;
}

const createWindow = (service: string | null, from: string, to: string, role = "admin", sub = admin) =>
  asUser(
    sub,
    (sql) =>
      sql<
        [{ id: string }]
      >`select public.create_maintenance_window(${from}, ${to}, 'Upgrade', ${service}) as id`,
    role,
  );

const endWindow = (id: string) =>
  asUser(
    admin,
    (sql) => sql<[{ ended: boolean }]>`select public.end_maintenance_window(${id}) as ended`,
    "admin",
  );

beforeAll(async () => {
  await see(names.flaky, [
    // Two failures open no incident.
    [third, "ok"],
    [third - 1, "error"],
    [third - 2, "error"],
    [third - 3, "ok"],
    // Three failures open one, and one success does not close it.
    [second, "error"],
    [second - 1, "error"],
    [second - 2, "error"],
    [second - 3, "ok"],
    [second - 4, "error"],
    [second - 5, "ok"],
    [second - 6, "degraded"],
    [second - 7, "ok"],
  ]);
  await rollUp();
});

describe("incidents", () => {
  test("open after three failures in a row, from the first, and close after two successes", async () => {
    const { incidents } = await timeline(names.flaky);
    expect(incidents).toEqual([
      {
        id: expect.any(String),
        service: names.flaky,
        from: expect.any(String),
        to: expect.any(String),
        failures: 4,
        reason: "timeout",
      },
    ]);
    expect(new Date(incidents[0]?.from ?? "").toISOString()).toBe(ago(second));
    expect(new Date(incidents[0]?.to ?? "").toISOString()).toBe(ago(second - 5));
  });

  test("continue over several rollups, and rolling up again changes nothing", async () => {
    await see(names.late, [
      [50, "error"],
      [49, "error"],
    ]);
    await rollUp();
    expect((await timeline(names.late)).services[0]).toMatchObject({ state: "degraded", status: "error" });
    await see(names.late, [[48, "error"]]);
    await rollUp();
    const open = await timeline(names.late);
    expect(open.incidents).toMatchObject([{ to: null, failures: 3 }]);
    expect(open.services).toMatchObject([{ state: "error", samples: 3, uptime: 0, p50: null }]);
    await rollUp();
    expect((await timeline(names.late)).incidents).toEqual(open.incidents);
  });
});

describe("bars", () => {
  test("are one a day: error during an incident, degraded for other failures", async () => {
    const { services, step } = await timeline(names.flaky);
    expect(step).toBe("day");
    const [service] = services;
    expect(service).toMatchObject({ state: "ok", samples: 12 });
    expect(service?.uptime).toBeCloseTo(6 / 12, 5);
    const states = service?.bars.map(({ state }) => state) ?? [];
    expect(new Set(states)).toEqual(new Set(["degraded", "error"]));
    expect(service?.bars.reduce((sum, { samples }) => sum + samples, 0)).toBe(12);
    expect(service?.bars.every(({ at }) => Date.parse(at) % 86_400_000 === 0)).toBe(true);
  });

  test("include late rows of a counted day", async () => {
    const before = (await timeline(names.flaky)).services[0]?.samples ?? 0;
    await see(names.flaky, [[third - 5, "ok"]]);
    await rollUp();
    expect((await timeline(names.flaky)).services[0]?.samples).toBe(before + 1);
  });

  test("are one an hour for one day, directly from the rows", async () => {
    await see(
      names.slow,
      Array.from(
        { length: 100 },
        (_, index): Seen => [index + 1, index ? "ok" : "degraded", (index + 1) * 10],
      ),
    );
    await rollUp();
    const [hourly, daily] = [await timeline(names.slow, 1), await timeline(names.slow, 2)];
    expect(hourly.step).toBe("hour");
    const truth = { p50: 500, p95: 950, p99: 990 };
    for (const { services } of [hourly, daily])
      for (const [quantile, value] of Object.entries(truth)) {
        const found = services[0]?.[quantile as "p50"] ?? 0;
        expect(Math.abs(found / value - 1), quantile).toBeLessThan(0.011);
      }
    expect(hourly.services[0]).toMatchObject({ samples: 100, uptime: 1 });
    expect(hourly.services[0]?.bars.length).toBeGreaterThan(1);
  });
});

describe("maintenance", () => {
  test("affects neither uptime nor incidents", async () => {
    await see(names.kept, [[200, "ok"]]);
    await rollUp();
    await createWindow(names.kept, ago(150), ago(100));
    await see(names.kept, [
      [140, "error"],
      [139, "error"],
      [138, "error"],
      [90, "ok"],
    ]);
    await rollUp();
    const { services, incidents, windows } = await timeline(names.kept);
    expect(services).toMatchObject([{ samples: 2, uptime: 1, state: "ok" }]);
    expect(incidents).toEqual([]);
    expect(windows).toMatchObject([{ service: names.kept, reason: "Upgrade" }]);
  });

  test("that is announced afterwards changes past days, and is shown until it is ended", async () => {
    await createWindow(names.flaky, ago(third), ago(third - 10));
    const [{ id }] = await createWindow(names.flaky, ago(1), ago(-60));
    await rollUp();
    const during = await timeline(names.flaky);
    expect(during.services[0]).toMatchObject({ state: "maintenance", samples: 8 });
    expect(during.services[0]?.bars.map(({ state }) => state)).toContain("maintenance");
    expect(await endWindow(id)).toEqual([{ ended: true }]);
    expect(await endWindow(id)).toEqual([{ ended: false }]);
    expect((await timeline(names.flaky)).services[0]?.state).toBe("ok");
  });

  test("that has not begun can be cancelled and disappears", async () => {
    const [{ id }] = await createWindow(names.slow, ago(-60), ago(-120));
    expect((await timeline(names.slow)).windows).toMatchObject([{ id }]);
    await endWindow(id);
    expect((await timeline(names.slow)).windows).toEqual([]);
  });

  test.each(["viewer", "operator", "auditor"])("cannot be created by a %s", async (role) => {
    expect(await sqlState(createWindow(null, ago(1), ago(-1), role, newOwner()))).toBe("42501");
  });

  test("rejects invalid arguments by name", async () => {
    expect(await violated(createWindow(names.kept, ago(1), ago(1)))).toBe(
      "maintenance_windows_ends_after_start",
    );
    expect(await violated(createWindow(names.kept, ago(8 * day), ago(1)))).toBe(
      "maintenance_windows_start_recent",
    );
    expect(await violated(createWindow(names.kept, ago(0), ago(-31 * day)))).toBe(
      "maintenance_windows_length",
    );
    expect(await violated(createWindow("nobody", ago(1), ago(-1)))).toBe("maintenance_windows_service_known");
  });
});

test("a user without a known role reads nothing, and no user reads the tables directly", async () => {
  expect(await sqlState(timeline(names.kept, 90, newOwner(), "owner"))).toBe("42501");
  expect(await violated(timeline(names.kept, 91))).toBe("p_days_range");
  const reads = asUser(newOwner(), (sql) => sql`select from smarteros.health_days`, "admin");
  expect(await sqlState(reads)).toBe("42501");
});

test("rows older than every timeline are dropped, and their day's counts stay", async () => {
  const service = `old-${crypto.randomUUID().slice(0, 8)}`;
  await see(service, [[99 * day, "ok"]]);
  await rollUp();
  const counted = () =>
    superuser`select ts, ok from smarteros.health_days where service = ${service} order by ts`;
  // Simulates that two days have passed.
  await superuser`update public.external_health set created_at = created_at - interval '3 days' where service = ${service}`;
  await superuser`update smarteros.health_days set ts = ts - interval '3 days' where service = ${service}`;
  const old = await counted();
  expect(old).toHaveLength(1);
  await see(service, [[5, "ok"]]);
  await superuser`insert into smarteros.health_uncounted (service, ts) select service, ts from smarteros.health_days
    where service = ${service}`;
  await rollUp();
  expect(
    await superuser`select count(*)::int as rows from public.external_health where service = ${service}`,
  ).toEqual([{ rows: 1 }]);
  expect((await counted())[0]).toEqual(old[0]);
});

test("concurrent rollups do not interfere", async () => {
  await see(names.kept, [[5, "ok"]]);
  await Promise.all([rollUp(), rollUp(), rollUp()]);
  await rollUp();
  const [row] = await superuser`
    select sum(ok + degraded + error + excluded)::int as counted,
      (select count(*)::int from public.external_health where service = ${names.kept}) as seen
    from smarteros.health_days where service = ${names.kept}`;
  expect(row?.counted).toBe(row?.seen);
});

test("while past days are not counted, the timeline names the day from which its figures are complete", async () => {
  const service = `earlier-${crypto.randomUUID().slice(0, 8)}`;
  const today = new Date(now).toISOString().slice(0, 10);
  const dayOf = (days: number) => new Date(Date.parse(today) - days * day * minute).toISOString();
  await superuser`insert into public.external_health (service, status, created_at)
    select ${service}, 'ok', ${dayOf(0)}::timestamptz - n * interval '1 day' from generate_series(1, 3) n`;
  expect(Date.parse((await timeline(service)).countedFrom ?? "")).toBe(Date.parse(dayOf(0)));
  await superuser`delete from smarteros.health_uncounted where service = ${service} and ts = ${dayOf(1)}`;
  expect(Date.parse((await timeline(service)).countedFrom ?? "")).toBe(Date.parse(dayOf(1)));
  expect((await timeline(service, 1)).countedFrom).toBeNull();
  while ((await rollUp())[0]?.more);
  expect((await timeline(service)).countedFrom).toBeNull();
});
