import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startSandboxes } from "@smarteros/connectors/sandbox";
import { vendors } from "@smarteros/connectors/vendors";
import { startReceiver } from "@smarteros/observability/testing";
import getPort from "get-port";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { asserted, embedded, newUser, secret, tenantsOf } from "./backend.fixture.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let sandboxes: Awaited<ReturnType<typeof startSandboxes>>;
let child: ChildProcess;
let url: string;

beforeAll(async () => {
  const port = await getPort({ host: "127.0.0.1" });
  url = `http://127.0.0.1:${port}`;
  [receiver, sandboxes] = await Promise.all([startReceiver(), startSandboxes()]);
  child = spawn(process.execPath, [main], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      BACKEND_PORT: String(port),
      FASTAPI_SECRET: secret,
      NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
      DATABASE_URL: embedded.postgresUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: "200",
      ...sandboxes.settings,
    },
  });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  await vi.waitFor(() => expect(output).toContain("BACKEND_STARTED"), { timeout: 20_000 });
});
afterAll(async () => {
  child.kill("SIGKILL");
  await Promise.all([receiver.stop(), sandboxes.stop()]);
});

it("a request is one trace from the caller through the queue to the vendors, without a secret", async () => {
  const user = newUser();
  const { id } = await (await tenantsOf(user)).create();
  const traceId = randomBytes(16).toString("hex");
  const parent = randomBytes(8).toString("hex");
  const response = await fetch(`${url}/services/provision`, {
    method: "POST",
    headers: {
      ...(await asserted(url, user)),
      "Content-Type": "application/json",
      traceparent: `00-${traceId}-${parent}-01`,
    },
    body: JSON.stringify({ tenant_id: id, services: vendors }),
  });
  expect(response.status).toBe(202);
  const mine = () => receiver.spans.filter((span) => span.traceId === traceId);
  await expect
    .poll(() => mine().map(({ name }) => name), { timeout: 20_000 })
    .toEqual(expect.arrayContaining(vendors.map((vendor) => `provision ${vendor}`)));

  const request = mine().find(({ parentSpanId }) => parentSpanId === parent);
  expect(request).toMatchObject({
    service: "smarteros-backend",
    name: "POST /services/provision",
    kind: 2,
    attributes: { "http.route": "/services/provision", "http.response.status_code": 202 },
  });
  for (const vendor of vendors) {
    const step = mine().find(({ name }) => name === `provision ${vendor}`);
    expect(step).toMatchObject({ kind: 5, attributes: { "smarteros.vendor": vendor } });
    // Children of the request, across the queue and the workflow.
    expect(step && receiver.ancestry(step)).toEqual(["POST /services/provision"]);
    const place = new URL(sandboxes.vendors[vendor].url);
    const calls = mine().filter(({ attributes }) => attributes["server.port"] === Number(place.port));
    expect(calls.length, vendor).toBeGreaterThan(1);
    for (const call of calls) expect(receiver.ancestry(call)[0]).toBe(`provision ${vendor}`);
  }
  // All spans are connected.
  for (const span of mine())
    if (span !== request) expect(receiver.ancestry(span).at(-1)).toBe("POST /services/provision");
  const spans = JSON.stringify(receiver.spans);
  for (const [name, value] of Object.entries(sandboxes.settings))
    if (/KEY|TOKEN|SECRET/.test(name)) expect(spans).not.toContain(value);
  expect(spans).not.toContain(secret);
});

it("exports remaining spans and metrics when it stops", async () => {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
  expect(receiver.metrics).toContain("smarteros.provision.attempts");
});
