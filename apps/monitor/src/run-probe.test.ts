import { expect, inject, it } from "vitest";
import { parseEnvironment } from "./env.ts";
import { answer, farSide, goodPing, late, monitorEnvironment, runMonitor } from "./monitor.fixture.ts";
import { probesOf } from "./probes.ts";
import { runProbe } from "./run-probe.ts";

/** Runs the probes that an environment configures. Resolves to their rows by service. */
async function probe(environment: Record<string, string>) {
  const settings = parseEnvironment({ ...monitorEnvironment(), ...environment });
  if (!settings.ok) throw new Error(settings.problems.join());
  const rows = await Promise.all(probesOf(settings.value).map(runProbe));
  return Object.fromEntries(rows.map((row) => [row.service, row]));
}

it("reports web, Supabase and both endpoints of the backend as ok after real requests", async () => {
  const web = await farSide(goodPing);
  const backend = await farSide(answer(200, { status: "ok" }));
  const seen = await probe({ WEB_URL: `${web.url}/`, FASTAPI_URL: backend.url });
  expect(Object.keys(seen)).toEqual(["web", "supabase", "backend", "backend.validate"]);
  for (const row of Object.values(seen)) expect(row).toMatchObject({ status: "ok", error_message: null });
  expect(seen.web?.metadata).toEqual({ httpStatus: 200, version: "0.2.0" });
  expect(web.seen.map(({ line }) => line)).toEqual(["GET /api/mcp/ping"]);
  expect(backend.seen.map(({ line, body }) => [line, body]).sort()).toEqual([
    ["GET /health", ""],
    ["POST /validate", '{"ping":true}'],
  ]);
});

it.each([
  ["is switched off", { ok: false, service: "mcp", disabled: true }, "switched off"],
  ["is misconfigured", { ok: false, service: "mcp", misconfigured: true }, "misconfigured"],
])("reports a web app as degraded when it %s", async (_, body, message) => {
  const { url } = await farSide(answer(200, body));
  expect((await probe({ WEB_URL: url })).web).toMatchObject({ status: "degraded", error_message: message });
});

it("reports a service as degraded when it takes longer than 2 s", async () => {
  const { url } = await farSide(late(2_100, goodPing));
  const { web } = await probe({ WEB_URL: url });
  expect(web).toMatchObject({ status: "degraded", error_message: "slow" });
  expect(web?.latency_ms).toBeGreaterThan(2_000);
});

it.each([
  ["responds with 500", answer(500, "boom"), { error_message: "status 500", metadata: { httpStatus: 500 } }],
  ["responds with 404", answer(404), { error_message: "status 404", metadata: { httpStatus: 404 } }],
  ["responds with HTML", answer(200, "<html>"), { error_message: "unexpected answer" }],
  ["responds with null", answer(200, "null"), { error_message: "unexpected answer" }],
  ["is another service", answer(200, { ok: true, service: "x" }), { error_message: "unexpected answer" }],
  ["responds with more than 4 KiB", answer(200, "x".repeat(1e6)), { error_message: "unexpected answer" }],
  [
    "resets the connection",
    (request: { socket: { destroy(): void } }) => request.socket.destroy(),
    { error_message: "unreachable" },
  ],
])("reports a web app as error when it %s", async (_, respond, expected) => {
  const { url } = await farSide(respond as Parameters<typeof farSide>[0]);
  expect((await probe({ WEB_URL: url })).web).toMatchObject({ status: "error", ...expected });
});

it("follows no redirect, with or without the service key", async () => {
  const elsewhere = await farSide(goodPing);
  const { url } = await farSide(answer(307, "", { Location: elsewhere.url }));
  const seen = await probe({ WEB_URL: url, NEXT_PUBLIC_SUPABASE_URL: url, FASTAPI_URL: url });
  for (const row of Object.values(seen))
    expect(row).toMatchObject({ status: "error", error_message: "status 307" });
  expect(elsewhere.seen).toEqual([]);
});

it("sends no row and no key to a redirect's target", async () => {
  const elsewhere = await farSide(answer(200, "true"));
  const { url, seen } = await farSide(answer(307, "", { Location: elsewhere.url }));
  const done = await runMonitor([], { ...monitorEnvironment(), NEXT_PUBLIC_SUPABASE_URL: url });
  expect(done).toMatchObject({ code: 1, err: expect.stringContaining("[MONITOR_BUFFERED]") });
  expect(seen.some(({ line }) => line.startsWith("POST /rest/v1/external_health"))).toBe(true);
  expect(elsewhere.seen).toEqual([]);
});

it("times out after 4 s, concurrently, on services that hang before or during their response", async () => {
  const hang = await farSide(() => undefined);
  const drip = await farSide((_request, response) => void response.writeHead(200).write("{"));
  const started = performance.now();
  const seen = await probe({ WEB_URL: drip.url, NEXT_PUBLIC_SUPABASE_URL: hang.url, FASTAPI_URL: hang.url });
  expect(performance.now() - started).toBeLessThan(6_500);
  for (const row of Object.values(seen))
    expect(row).toMatchObject({ status: "error", error_message: "timeout" });
});

it("stores the system's error code when a service is unreachable", async () => {
  const closed = "http://127.0.0.1:65533";
  const seen = await probe({ WEB_URL: closed, NEXT_PUBLIC_SUPABASE_URL: closed, FASTAPI_URL: closed });
  expect(Object.keys(seen)).toHaveLength(4);
  for (const row of Object.values(seen))
    expect(row).toMatchObject({
      status: "error",
      error_message: "unreachable",
      metadata: { cause: "ECONNREFUSED" },
    });
});

it("stores no text of a response and sends no key to other services", async () => {
  const text = "<script>alert('PWNED')</script> eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
  const headers = { "X-Text": "PWNED", "WWW-Authenticate": "PWNED" };
  const body = {
    ok: true,
    service: "mcp",
    version: text,
    error: text,
    message: text,
    code: text,
    hint: text,
  };
  for (const status of [200, 400, 503]) {
    const evil = await farSide(answer(status, body, headers));
    const seen = await probe({ WEB_URL: evil.url, FASTAPI_URL: evil.url });
    const fakeSupabase = await farSide(answer(status, body, headers));
    const { supabase } = await probe({ NEXT_PUBLIC_SUPABASE_URL: fakeSupabase.url });
    expect(JSON.stringify([seen, supabase])).not.toMatch(/PWNED|script|eyJ/);
    expect(JSON.stringify(evil.seen)).not.toContain(inject("embedded").secretKey);
  }
});
