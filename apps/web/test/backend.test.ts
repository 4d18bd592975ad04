import { execFile } from "node:child_process";
import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { answerWith, controlledServer, hang } from "./controlled-server.ts";
import { database } from "./database.ts";
import { localEnvironment } from "./environments.ts";
import { call, outcome, post, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { logOf, startWeb, type WebServer } from "./web-server.ts";

// The backend tools through the HTTP transport, in front of a backend that records what it was sent.

const embedded = inject("embedded");
const secret = "a secret of at least thirty-two characters";
const { invocations } = database();
const received: IncomingHttpHeaders[] = [];

let backend: Awaited<ReturnType<typeof controlledServer>>;
let web: WebServer;
beforeAll(async () => {
  backend = await controlledServer(answerWith(200));
  web = await startWeb((origin) => ({
    ...localEnvironment(embedded, origin),
    FASTAPI_URL: backend.url,
    FASTAPI_SECRET: secret,
    SMARTEROS_BACKEND_URL: backend.url,
    SMARTEROS_BACKEND_SECRET: secret,
  }));
});
beforeEach(() => {
  received.length = 0;
  backend.become((request, response) => {
    received.push(request.headers);
    answerWith(200, '{"ok":true}', { "Content-Type": "application/json" })(request, response);
  });
});
afterAll(() => Promise.all([web?.stop(), backend?.stop()]));

test("the backend is told who calls, and is never shown the caller's own credential", async () => {
  const user = newUser();
  const token = await tokenOf(web, user);
  const headers = {
    Cookie: `__session=${token}; theme=dark`,
    "X-User-ID": "user_admin",
    "X-Request-ID": "forged",
  };
  const answer = await post(web, token, { name: "fastapi.get", args: { path: "/health" } }, headers);
  expect(outcome(answer)).toEqual([200, "ok"]);
  const [sent] = received;
  expect(sent).toMatchObject({ "x-user-id": user, "x-request-id": answer.body.meta.requestId });
  expect(sent?.cookie).toBeUndefined();
  expect(JSON.stringify(sent)).not.toContain(token);
  const assertion = sent?.authorization?.replace("Bearer ", "") ?? "";
  expect(decodeJwt(assertion)).toMatchObject({
    iss: "smarteros",
    aud: backend.url,
    sub: user,
    capabilities: ["read", "write"],
  });
});

test("the documented cURL line works as it stands", async () => {
  const line = [
    ...["-s", "-X", "POST", `${web.url}/api/mcp/tool`, "-H", "Content-Type: application/json"],
    ...["-H", `Cookie: __session=${await tokenOf(web)}`],
    ...["-d", '{"name":"fastapi.get","args":{"path":"/health"}}'],
  ];
  const { stdout } = await promisify(execFile)("curl", line);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, result: { status: 200, data: { ok: true } } });
});

test("a service tool asks its own path, and its record is about the tenant", async () => {
  const user = newUser();
  const id = crypto.randomUUID();
  const at = new Date().toISOString();
  const run = { run_id: id, tenant_id: id, status: "queued", requested_by: user, created_at: at };
  backend.become((request, response) => {
    received.push(request.headers);
    const body = JSON.stringify({ ...run, finished_at: null, steps: [] });
    answerWith(202, body, { "Content-Type": "application/json" })(request, response);
  });
  const answer = await call(web, await tokenOf(web, user), "services.provision", {
    tenantId: id,
    services: ["chatwoot"],
  });
  expect(outcome(answer)).toEqual([200, "ok"]);
  expect(answer.body.result).toMatchObject({ runId: id, status: "queued", steps: [] });
  expect(received[0]).toMatchObject({ "x-user-id": user });
  await expect
    .poll(() => invocations(user))
    .toMatchObject([{ tool: "services.provision", code: "ok", tenant_id: id }]);
});

test.each([
  [404, "not_found", 404],
  [409, "conflict", 409],
  [503, "unavailable", 503],
  // Our own credential was refused, not the caller's.
  [401, "unauthorized", 502],
])("what the backend refuses with %i %s the caller is told with %i", async (status, error, told) => {
  const refusal = JSON.stringify({ ok: false, error, message: "What, where, what to do." });
  backend.become(answerWith(status, refusal, { "Content-Type": "application/json" }));
  const id = crypto.randomUUID();
  const answer = await call(web, await tokenOf(web), "services.retry", { runId: id });
  expect(outcome(answer)).toEqual([told, told === 502 ? "upstream_error" : error]);
  expect(answer.headers.get("www-authenticate")).toBeNull();
});

test("a viewer and an auditor reach no backend", async () => {
  for (const role of ["viewer", "auditor"]) {
    const answer = await call(web, await tokenOf(web, newUser(), role), "fastapi.get", { path: "/health" });
    expect(outcome(answer)).toEqual([403, "forbidden"]);
  }
  expect(received).toEqual([]);
});

test.each([
  ["another host", "//evil.test/health"],
  ["a parent folder", "/tenants/../health"],
  ["an encoded one", "/tenants/%2e%2e/health"],
  ["a path off the list", "/openapi.json"],
  ["the assertion's own tools", "/services/provision"],
])("%s is refused before anything is sent, and recorded", async (_what, path) => {
  const user = newUser();
  const answer = await call(web, await tokenOf(web, user), "fastapi.get", { path });
  expect(outcome(answer)).toEqual([400, "invalid_input"]);
  expect(answer.body.issues[0]).toMatchObject({ path: "path" });
  await expect.poll(async () => (await invocations(user)).map(({ code }) => code)).toEqual(["invalid_input"]);
  expect(backend.seen).toEqual([]);
});

test("a list of the deployment's own is what may be called, each path by its capability", async () => {
  const paths = [
    { method: "GET", path: "/reports/:month", capability: "read" },
    { method: "POST", path: "/orders", body: { type: "object", properties: { sku: { type: "string" } } } },
  ];
  const own = await startWeb((origin) => ({
    ...localEnvironment(embedded, origin),
    FASTAPI_URL: backend.url,
    FASTAPI_PATHS: JSON.stringify(paths),
  }));
  try {
    const viewer = await tokenOf(own, newUser(), "viewer");
    const operator = await tokenOf(own);
    const described = await send(own, "/api/mcp/tool", { headers: { Authorization: `Bearer ${viewer}` } });
    const names = described.body.availableTools.map(({ name }) => name);
    expect(names).toContain("fastapi.get");
    expect(names).not.toContain("fastapi.post");
    expect(outcome(await call(own, viewer, "fastapi.get", { path: "/reports/2026-11" }))).toEqual([
      200,
      "ok",
    ]);
    expect(received).toHaveLength(1);
    expect(outcome(await call(own, operator, "fastapi.get", { path: "/health" }))).toEqual([
      400,
      "invalid_input",
    ]);
    const wrong = await call(own, operator, "fastapi.post", { path: "/orders", body: { sku: 1 } });
    expect([outcome(wrong), wrong.body.issues[0]?.path]).toEqual([[400, "invalid_input"], "body.sku"]);
    expect(received).toHaveLength(1);
  } finally {
    await own.stop();
  }
});

test("what the backend says in its failures reaches neither the caller nor the log", async () => {
  backend.become(answerWith(500, "Traceback: password=hunter2"));
  const answer = await call(web, await tokenOf(web), "fastapi.post", {
    path: "/validate",
    body: { ping: true },
  });
  expect(outcome(answer)).toEqual([502, "upstream_error"]);
  expect(answer.body).toMatchObject({ service: "backend", upstreamStatus: 500 });
  expect(answer.text + logOf(web)).not.toContain("hunter2");
});

test("a caller who goes away takes the request to the backend along", async () => {
  const user = newUser();
  let gone = false;
  backend.become((request, response) => {
    response.once("close", () => {
      gone = true;
    });
    hang(request, response);
  });
  const caller = new AbortController();
  const token = await tokenOf(web, user);
  const sending = fetch(`${web.url}/api/mcp/tool`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: "fastapi.get", args: { path: "/health" } }),
    signal: caller.signal,
  });
  await expect.poll(() => backend.seen.length).toBe(1);
  caller.abort();
  await expect(sending).rejects.toThrow();
  await expect.poll(() => gone).toBe(true);
  await expect.poll(async () => (await invocations(user)).map(({ code }) => code)).toEqual(["cancelled"]);
});

test("the secret that signs assertions is in no answer and no log", () => {
  expect(logOf(web)).not.toContain(secret);
});
