// A worker that reports would change what the files on the shared project see. Imported first.
import "./own-project.ts";

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { startReceiver } from "@smarteros/observability/testing";
import getPort from "get-port";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { answerWith, controlledServer } from "./controlled-server.ts";
import { localEnvironment } from "./environments.ts";
import { call, newTenant, post } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { startWeb, type WebServer } from "./web-server.ts";

// A web app and a backend that both report to one collector.

const embedded = inject("embedded");
const secret = randomBytes(32).toString("base64url");
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let web: WebServer;
let backend: ChildProcess;
let odoo: Awaited<ReturnType<typeof controlledServer>>;

beforeAll(async () => {
  // Refuses the key, so that there is one attempt.
  odoo = await controlledServer(answerWith(401));
  receiver = await startReceiver();
  const port = await getPort({ host: "127.0.0.1" });
  const url = `http://127.0.0.1:${port}`;
  const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: "200" };
  backend = spawn(process.execPath, [path.join(import.meta.dirname, "../../backend/src/main.ts")], {
    stdio: "ignore",
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      BACKEND_PORT: String(port),
      FASTAPI_SECRET: secret,
      NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
      DATABASE_URL: embedded.postgresUrl,
      ODOO_URL: odoo.url,
      ODOO_API_KEY: "key",
      ...telemetry,
    },
  });
  web = await startWeb((origin) => ({
    ...localEnvironment(embedded, origin),
    FASTAPI_URL: url,
    FASTAPI_SECRET: secret,
    ...telemetry,
  }));
  await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), { timeout: 30_000 });
});
afterAll(async () => {
  backend?.kill("SIGKILL");
  await web?.stop();
  await receiver?.stop();
  await odoo?.stop();
});

test("one call is one trace, from the caller's over the web app and the queue to the steps of a worker", async () => {
  const token = await tokenOf(web, newUser());
  const { id } = await newTenant(web, token);
  const traceId = randomBytes(16).toString("hex");
  const parent = randomBytes(8).toString("hex");
  const args = { tenantId: id, services: ["odoo"] };
  const answer = await post(
    web,
    token,
    { name: "services.provision", args },
    { traceparent: `00-${traceId}-${parent}-01` },
  );
  expect(answer.status, answer.text).toBe(200);
  const mine = () => receiver.spans.filter((span) => span.traceId === traceId);
  await vi.waitFor(
    () => {
      const names = mine().map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["tools/call services.provision", "provision odoo"]));
      expect(names).toContain("POST /api/mcp/tool");
    },
    { timeout: 20_000 },
  );

  const tool = mine().find(({ name }) => name === "tools/call services.provision");
  expect(tool).toMatchObject({
    service: "smarteros-web",
    kind: 2,
    attributes: {
      "mcp.method.name": "tools/call",
      "gen_ai.tool.name": "services.provision",
      "gen_ai.operation.name": "execute_tool",
    },
  });
  const step = mine().find(({ name }) => name === "provision odoo");
  expect(step?.service).toBe("smarteros-backend");
  const ancestry = step ? receiver.ancestry(step) : [];
  expect(ancestry).toContain("tools/call services.provision");
  // One tree: every span but the first has its parent in it, and the first has the caller's.
  const roots = mine().filter((span) => receiver.ancestry(span).length === 0);
  expect(roots.map(({ parentSpanId }) => parentSpanId)).toEqual([parent]);
  // Supabase was asked within it.
  const supabase = Number(new URL(embedded.supabaseUrl).port);
  expect(mine().some(({ attributes }) => attributes["server.port"] === supabase)).toBe(true);
  const spans = JSON.stringify(receiver.spans);
  for (const hidden of [token, secret, embedded.secretKey, embedded.publishableKey])
    expect(spans).not.toContain(hidden);
});

test("a failure says its trace, in the answer and in the record", async () => {
  const token = await tokenOf(web, newUser());
  const traceId = randomBytes(16).toString("hex");
  const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01` };
  const args = { id: crypto.randomUUID() };
  const answer = await post(web, token, { name: "tenants.get", args }, headers);
  expect(answer.body).toMatchObject({ error: "not_found", meta: { traceId } });
  await call(web, token, "tenants.list");
  await vi.waitFor(() => {
    const tool = receiver.spans.find(
      (span) => span.traceId === traceId && span.name.startsWith("tools/call"),
    );
    expect(tool?.attributes).toMatchObject({
      "error.type": "tool_error",
      "smarteros.error.code": "not_found",
    });
  }, 10_000);
});
