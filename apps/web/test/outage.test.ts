import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { answerWith, controlledServer, hang, passOn } from "./controlled-server.ts";
import { database } from "./database.ts";
import { clerkEnvironment, localEnvironment } from "./environments.ts";
import { call, newTenant, outcome, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { logOf, startWeb, type WebServer } from "./web-server.ts";

// The REST API behind a server that fails on demand, as the network or the database does.

const embedded = inject("embedded");
const { tenants, invocations } = database();
const working = passOn(embedded.supabaseUrl);
const stack = /at \w+ \(|node_modules|ECONN|fetch failed|127\.0\.0\.1/;

let supabase: Awaited<ReturnType<typeof controlledServer>>;
let web: WebServer;
beforeAll(async () => {
  supabase = await controlledServer(working);
  web = await startWeb((origin) => ({
    ...clerkEnvironment(embedded, origin),
    SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
    NEXT_PUBLIC_SUPABASE_URL: supabase.url,
  }));
});
beforeEach(() => supabase.become(working));
afterAll(() => Promise.all([web?.stop(), supabase?.stop()]));

const failing = (path: string) =>
  supabase.become((request, response) =>
    request.url?.includes(path) ? answerWith(503, "down")(request, response) : working(request, response),
  );

test("a destructive tool whose intent cannot be stored does not run", async () => {
  const user = newUser();
  const token = await tokenOf(web, user);
  const { id } = await newTenant(web, token);
  failing("record_intent");
  const answer = await call(web, token, "tenants.delete", { id });
  expect(outcome(answer)).toEqual([503, "unavailable"]);
  expect(answer.body.message).toMatch(/did not run/);
  expect(supabase.seen.some((line) => line.includes("set_tenant_active"))).toBe(false);
  expect(await tenants(user)).toMatchObject([{ active: true }]);
  // What did not run is recorded after the answer.
  await expect
    .poll(async () => (await invocations(user)).at(-1))
    .toMatchObject({ tool: "tenants.delete", code: "unavailable" });
});

test("a change answers while the database takes no rows; they wait where health shows them, and arrive", async () => {
  const user = newUser();
  const token = await tokenOf(web, user);
  failing("record_invocations");
  const answer = await call(web, token, "tenants.create", { rut: newRut(), businessName: "Con registro" });
  expect(outcome(answer)).toEqual([200, "ok"]);
  expect(await invocations(user)).toEqual([]);
  const health = await send(web, "/api/health");
  expect(health.body).toMatchObject({ mcp: { audit: { backlog: 1, dropped: 0 } } });
  expect(logOf(web)).toContain('[MCP_AUDIT_WAITING] {"rows":1,"reason":"unavailable"}');
  supabase.become(working);
  await expect
    .poll(() => invocations(user), { timeout: 10_000 })
    .toMatchObject([{ request_id: answer.body.meta.requestId }]);
});

test("a row is tried a second time, and is then there once", async () => {
  const user = newUser();
  const token = await tokenOf(web, user);
  let tries = 0;
  supabase.become((request, response) => {
    const isFirst = request.url?.includes("record_invocations") && ++tries === 1;
    // The row arrives, and the answer is lost.
    if (isFirst) working(request, Object.assign(response, { end: () => response.destroy() }));
    else working(request, response);
  });
  await call(web, token, "tenants.create", { rut: newRut(), businessName: "Dos veces" });
  expect(tries).toBe(2);
  expect(await invocations(user)).toHaveLength(1);
});

describe.each([
  ["answers 503", answerWith(503, "<html>nginx</html>")],
  ["answers 502 in HTML", answerWith(502, "<html>nginx at 10.1.2.3</html>", { "Content-Type": "text/html" })],
  ["hangs up", ((request) => request.socket.destroy()) as typeof hang],
])("while Supabase %s", (_how, behaviour) => {
  test.each([
    ["tenants.list", {}],
    ["tenants.get", { id: crypto.randomUUID() }],
    ["tenants.create", { rut: newRut(), businessName: "Nunca" }],
    ["tenants.delete", { id: crypto.randomUUID() }],
  ])("%s answers unavailable in words of ours", async (name, args) => {
    supabase.become(behaviour);
    const answer = await call(web, await tokenOf(web), name, args);
    expect(outcome(answer)).toEqual([503, "unavailable"]);
    expect(answer.text).not.toMatch(stack);
    expect(answer.text).not.toContain("nginx");
    expect(supabase.seen.some((line) => line.includes("set_tenant_active"))).toBe(false);
  });

  test("the recent calls answer unavailable", async () => {
    supabase.become(behaviour);
    const headers = { Authorization: `Bearer ${await tokenOf(web)}` };
    const answer = await send(web, "/api/mcp/invocations/recent", { headers });
    expect(outcome(answer)).toEqual([503, "unavailable"]);
    expect(answer.headers.get("ratelimit-limit")).toBe("30");
    expect(answer.text).not.toMatch(stack);
  });
});

test.each([
  ["rows of another shape", answerWith(200, '[{"id":"1"}]', { "Content-Type": "application/json" })],
  [
    "what is no JSON",
    answerWith(200, "hello postgres://ana:hunter2@db", { "Content-Type": "application/json" }),
  ],
  [
    "an error that nobody knows",
    answerWith(500, '{"code":"XX000","message":"postgres://ana:hunter2@db"}', {
      "Content-Type": "application/json",
    }),
  ],
])("when Supabase answers with %s the caller learns nothing but the request id", async (_what, behaviour) => {
  supabase.become(behaviour);
  const answer = await call(web, await tokenOf(web), "tenants.list");
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(answer.body.message).toContain(answer.body.meta.requestId);
  expect(answer.text).not.toMatch(/hunter2|XX000|Zod|invalid_type/);
  expect(logOf(web)).not.toContain("hunter2");
});

test("while Supabase hangs a caller is answered within its time-out", async () => {
  supabase.become(hang);
  const started = performance.now();
  const answer = await call(web, await tokenOf(web), "tenants.list");
  expect(answer.status).toBeGreaterThanOrEqual(503);
  expect(performance.now() - started).toBeLessThan(10_000);
});

describe("while the issuer's keys cannot be read", () => {
  test.each([
    ["answers 500", answerWith(500, "down")],
    ["answers no key set", answerWith(200, '{"keys":7}', { "Content-Type": "application/json" })],
    ["hangs up", ((request) => request.socket.destroy()) as typeof hang],
  ])("because it %s, a caller with a valid token gets 503 and not 401", async (_how, behaviour) => {
    const broken = await controlledServer(behaviour);
    onTestFinished(broken.stop);
    const server = await startWeb((origin) => ({
      ...localEnvironment(embedded, origin),
      NEXT_PUBLIC_SUPABASE_URL: broken.url,
    }));
    onTestFinished(async () => void (await server.stop()));
    const answer = await call(server, await tokenOf(server), "tenants.list");
    expect(outcome(answer)).toEqual([503, "unavailable"]);
    expect(answer.text).not.toMatch(stack);
    const panel = await send(server, "/dashboard", {
      headers: { Cookie: `__session=${await tokenOf(server)}` },
    });
    expect(panel.status).toBe(500);
    expect(panel.text).not.toMatch(stack);
    const signIn = await send(server, "/session/sign-in", {
      method: "POST",
      headers: { Origin: server.url },
      body: new URLSearchParams({ user: "operator-a" }),
    });
    expect([signIn.status, signIn.headers.getSetCookie()]).toEqual([503, []]);
  });
});
