import { startSandboxes } from "@smarteros/connectors/sandbox";
import { vendors } from "@smarteros/connectors/vendors";
import { expect, it, onTestFinished } from "vitest";
import { parseEnvironment } from "./env.ts";
import { answer, farSide, late, monitorEnvironment } from "./monitor.fixture.ts";
import { probesOf } from "./probes.ts";
import type { Probe } from "./run-probe.ts";
import { runProbes } from "./run-probes.ts";

/** Creates probes that record how many of them run concurrently. */
function countedProbes(count: number) {
  const seen = { now: 0, peak: 0, begun: [] as string[] };
  const probes = Array.from(
    { length: count },
    (_, index): Probe => ({
      service: `service-${index}`,
      async send({ signal }) {
        seen.begun.push(`service-${index}`);
        seen.peak = Math.max(seen.peak, ++seen.now);
        try {
          await new Promise((resolve, reject) => {
            if (index === 0) signal.addEventListener("abort", () => reject(signal.reason));
            else setTimeout(resolve, 5);
          });
          return { ok: true, status: 200 };
        } finally {
          seen.now--;
        }
      },
    }),
  );
  return { probes, seen };
}

function probesFor(environment: Record<string, string>) {
  const settings = parseEnvironment({ ...monitorEnvironment(), ...environment });
  if (!settings.ok) throw new Error(settings.problems.join());
  return probesOf(settings.value);
}

it("runs at most 32 probes concurrently, and a hanging one delays no other", async () => {
  const { probes, seen } = countedProbes(200);
  const rows = await runProbes(probes);
  expect(seen.peak).toBe(32);
  expect(rows.map(({ service }) => service)).toEqual(probes.map(({ service }) => service));
  expect(rows.filter(({ status }) => status !== "ok")).toMatchObject([
    { service: "service-0", error_message: "timeout" },
  ]);
});

it("starts probes at random times within the spread", async () => {
  const { probes, seen } = countedProbes(4);
  const startTimes = [0, 0.9, 0.5, 0.1];
  await runProbes(probes.slice(1), { spreadMs: 200, random: () => startTimes.pop() ?? 0 });
  expect(seen.begun).toEqual(["service-1", "service-2", "service-3"]);
});

it("probes process and credential of each configured vendor with one request", async () => {
  const sandboxes = await startSandboxes();
  onTestFinished(() => sandboxes.stop());
  const { ODOO_API_KEY, CHATWOOT_API_TOKEN, ...settings } = sandboxes.settings;
  const probes = probesFor({ ...settings, ODOO_API_KEY: "wrong" });
  const probeAll = async () =>
    Object.fromEntries((await runProbes(probes)).map((row) => [row.service, row] as const));
  const seen = await probeAll();
  const expected = vendors
    .filter((vendor) => vendor !== "chatwoot")
    .flatMap((vendor) => [vendor, `${vendor}.credential`]);
  expect(Object.keys(seen)).toEqual(["supabase", ...expected]);
  expect(seen.odoo).toMatchObject({ status: "ok", error_message: null });
  expect(seen["odoo.credential"]).toMatchObject({
    status: "error",
    error_message: "auth",
    metadata: { remedy: "check_credential" },
  });
  expect(seen["n8n.credential"]).toMatchObject({ status: "ok" });
  const calls = sandboxes.vendors.odoo.calls.length;
  await probeAll();
  expect(sandboxes.vendors.odoo.calls.length).toBe(calls * 2);
  await sandboxes.vendors.metabase.stop();
  const { metabase } = await probeAll();
  expect(metabase).toMatchObject({ status: "error", error_message: "unavailable" });
});

it("probes every address of MONITOR_URLS without following redirects", async () => {
  const well = await farSide(answer(204));
  const moved = await farSide(answer(302, "", { Location: well.url }));
  const broken = await farSide(late(5, answer(500)));
  const rows = await runProbes(
    probesFor({ MONITOR_URLS: `well=${well.url}/up?deep=1 moved=${moved.url} broken=${broken.url}` }),
  );
  expect(rows.slice(1)).toMatchObject([
    { service: "well", status: "ok" },
    { service: "moved", status: "error", error_message: "status 302" },
    { service: "broken", status: "error", error_message: "status 500" },
  ]);
  expect(well.seen.map(({ line }) => line)).toEqual(["GET /up?deep=1"]);
});
