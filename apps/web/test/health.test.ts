import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { answerWith, controlledServer, hang, passOn } from "./controlled-server.ts";
import { clerkEnvironment } from "./environments.ts";
import { send } from "./http-client.ts";
import { startWeb, type WebServer } from "./web-server.ts";

// One server through three states, one after the other: its result is kept for 5 s between them.

const embedded = inject("embedded");
const ok = { ok: true, latencyMs: expect.any(Number) };
const failed = (error: string) => ({ ok: false, latencyMs: expect.any(Number), error });
const cachedForMs = 5_000;

let web: WebServer;
let backend: Awaited<ReturnType<typeof controlledServer>>;
let supabase: typeof backend;

beforeAll(async () => {
  backend = await controlledServer(answerWith(200, '{"ok":true}'));
  supabase = await controlledServer(passOn(embedded.supabaseUrl));
  web = await startWeb((origin) => ({
    ...clerkEnvironment(embedded, origin),
    FASTAPI_URL: `${backend.url}/`,
    NEXT_PUBLIC_SUPABASE_URL: supabase.url,
  }));
});
afterAll(() => Promise.all([web?.stop(), backend?.stop(), supabase?.stop()]));

test("ten people who ask at once cost one probe of each service, and its result is kept", async () => {
  backend.become((_request, response) => setTimeout(() => response.end("{}"), 300));
  supabase.become(passOn(embedded.supabaseUrl));
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(web, "/api/health")));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]).toMatchObject({
    status: 200,
    body: {
      ok: true,
      mcp: { enabled: true },
      supabase: ok,
      backend: { ok: true, validator: { health: ok, validate: ok } },
    },
  });
  expect((await send(web, "/api/health")).text).toBe(answers[0]?.text);
  expect([...backend.seen].sort()).toEqual(["GET /health", "POST /validate"]);
  expect(supabase.seen).toEqual(["POST /rest/v1/rpc/ping"]);
});

test("what is broken is told in fixed words, and a redirect is not followed", async () => {
  await sleep(cachedForMs + 200);
  const secret = "postgres://admin:hunter2@db.internal";
  supabase.become(answerWith(503, `{"code":"PGRST002","message":"${secret}"}`));
  backend.become((request, response) => {
    if (request.url === "/health")
      answerWith(302, secret, { Location: `${backend.url}/elsewhere` })(request, response);
    else answerWith(500, `Traceback: ${secret}`)(request, response);
  });
  const { status, body, text } = await send(web, "/api/health");
  expect(status).toBe(503);
  expect(body).toMatchObject({
    ok: false,
    supabase: failed("status 503"),
    backend: { ok: false, validator: { health: failed("status 302"), validate: failed("status 500") } },
  });
  expect(text).not.toMatch(/hunter2|Traceback|127\.0\.0\.1/);
  expect(backend.seen).not.toContain("GET /elsewhere");
});

test("what hangs is given up, all of it side by side, within the deadline", async () => {
  await sleep(cachedForMs + 200);
  supabase.become(hang);
  backend.become(hang);
  const started = performance.now();
  const { status, body } = await send(web, "/api/health");
  expect(performance.now() - started).toBeLessThan(4_500);
  expect(status).toBe(503);
  expect(body).toMatchObject({
    ok: false,
    supabase: failed("timeout"),
    backend: { ok: false, validator: { health: failed("timeout"), validate: failed("timeout") } },
  });
});

test("what is gone is unreachable, and ping does not mind", async () => {
  await sleep(cachedForMs + 200);
  await Promise.all([backend.stop(), supabase.stop()]);
  const { status, body } = await send(web, "/api/health");
  expect(status).toBe(503);
  expect(body).toMatchObject({
    supabase: failed("unreachable"),
    backend: { validator: { health: failed("unreachable"), validate: failed("unreachable") } },
  });
  expect((await send(web, "/api/mcp/ping")).body.ok).toBe(true);
});
