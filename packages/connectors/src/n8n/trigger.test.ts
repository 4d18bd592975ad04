import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ConnectorError } from "../connector-error.ts";
import { ensureOnce, never, newSubject } from "../connectors.fixture.ts";
import type { FaultInput } from "../sandbox/faults.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createN8n } from "./connector.ts";
import { n8nFake } from "./sandbox.ts";
import { workflowSecret } from "./signature.ts";

const webhookSecret = "of-the-tests-alone-and-32-characters-long";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(n8nFake);
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const connectorTo = (url: string, options?: Parameters<typeof createN8n>[1]) =>
  createN8n({ url, apiKey: "sandbox-n8n-key", webhookSecret }, options);

/** Creates a tenant with its workflow and returns a delivery to it. */
async function newDelivery() {
  const subject = newSubject();
  const { resource } = await ensureOnce(connectorTo(sandbox.url), subject, never());
  const path = resource.webhooks[0]?.path ?? "";
  return { tenantId: subject.tenantId, path, deliveryId: crypto.randomUUID(), payload: { order: 7 } };
}

const sent = () => sandbox.calls().filter(({ path }) => path.startsWith("/webhook/")).length;

/** Adds a fault to the webhook once the workflow is active. */
async function faulty(fault: FaultInput) {
  const delivery = await newDelivery();
  await connectorTo(sandbox.url).trigger(delivery, never());
  sandbox.faults.add({ ...fault, path: "/webhook/", times: null });
  return { delivery, before: sent() };
}

const unknown = { kind: "unavailable", remedy: "confirm_run", outcome: "unknown" };

describe("a call without a complete response may have run and is not repeated", () => {
  it.each([
    [{ fault: "reset" }, "no_connection"],
    [{ fault: "reset_after_commit" }, "no_connection"],
    [{ fault: "cut" }, "no_connection"],
  ] as [FaultInput, string][])("%o", async (fault, reason) => {
    const { delivery, before } = await faulty(fault);
    const call = connectorTo(sandbox.url).trigger(delivery, never());
    await expect(call).rejects.toMatchObject({ ...unknown, reason });
    await expect(call).rejects.toThrow(/may have run and is not sent again/);
    expect(sent() - before).toBe(1);
  });

  it("when the caller's deadline passes", async () => {
    const { delivery, before } = await faulty({ fault: "latency", ms: 600 });
    const call = connectorTo(sandbox.url).trigger(delivery, AbortSignal.timeout(100));
    await expect(call).rejects.toMatchObject({ ...unknown, reason: "deadline" });
    expect(sent() - before).toBe(1);
  });

  it("when the caller goes away", async () => {
    const { delivery, before } = await faulty({ fault: "latency", ms: 600 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("gone")), 100);
    const call = connectorTo(sandbox.url).trigger(delivery, stop.signal);
    await expect(call).rejects.toMatchObject({ ...unknown, reason: "aborted" });
    expect(sent() - before).toBe(1);
  });

  it("when n8n does not respond within 25 s", async () => {
    vi.useFakeTimers();
    try {
      const silent = vi.fn<typeof fetch>(
        (_url, init) =>
          new Promise((_resolve, reject) => {
            init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
          }),
      );
      const delivery = { tenantId: crypto.randomUUID(), path: "orders", deliveryId: "1", payload: {} };
      const call = connectorTo("http://n8n.test", { fetch: silent }).trigger(delivery, never());
      const checked = expect(call).rejects.toMatchObject({ ...unknown, reason: "timeout" });
      await vi.advanceTimersByTimeAsync(24_999);
      expect(silent).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(1);
      await checked;
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("nothing was sent", () => {
  it("when the connection fails: check_service and the outcome none", async () => {
    const closed = await startSandbox(n8nFake);
    await closed.stop();
    const delivery = { tenantId: crypto.randomUUID(), path: "orders", deliveryId: "1", payload: {} };
    const down = { kind: "unavailable", remedy: "check_service", outcome: "none", reason: "no_connection" };
    await expect(connectorTo(closed.url).trigger(delivery, never())).rejects.toMatchObject(down);
  });

  it("when the caller was gone before: the reason of the signal", async () => {
    const delivery = await newDelivery();
    const reason = new Error("the run was cancelled");
    const call = connectorTo(sandbox.url).trigger(delivery, AbortSignal.abort(reason));
    await expect(call).rejects.toBe(reason);
    expect(sent()).toBe(0);
  });
});

describe("a response of n8n or of a proxy is passed on", () => {
  it.each([
    [{ fault: "error" }, { status: 500, data: { message: "Internal server error" } }],
    [{ fault: "unauthorized" }, { status: 401, data: { message: "Unauthorized" } }],
    [
      { fault: "rate_limited", retryAfterSeconds: 1 },
      { status: 429, data: { message: "Too many requests" } },
    ],
    [{ fault: "bad_gateway" }, { status: 502, data: "<html><h1>502 Bad Gateway</h1></html>" }],
    [{ fault: "redirect" }, { status: 302, data: null }],
    [{ fault: "malformed" }, { status: 200, data: '{"id": 1, "na' }],
    [{ fault: "oversized" }, { status: 200, data: null, notice: expect.stringContaining("512 KiB") }],
  ] as [FaultInput, object][])("%o", async (fault, response) => {
    const { delivery, before } = await faulty(fault);
    expect(await connectorTo(sandbox.url).trigger(delivery, never())).toEqual(response);
    expect(sent() - before).toBe(1);
  });
});

it("asks n8n for the state of the workflow, and rejects with check_webhook when that fails", async () => {
  const delivery = { tenantId: crypto.randomUUID(), path: "orders", deliveryId: "1", payload: {} };
  sandbox.faults.add({ fault: "unauthorized", path: "/api/v1/", times: null });
  const gone = { kind: "not_found", remedy: "check_webhook", status: 404 };
  await expect(connectorTo(sandbox.url).trigger(delivery, never())).rejects.toMatchObject(gone);
  expect(sent()).toBe(4);
});

it("carries nothing of the body in an error", async () => {
  const delivery = { tenantId: crypto.randomUUID(), path: "orders", deliveryId: "1", payload: {} };
  const thrown = await connectorTo(sandbox.url)
    .trigger(delivery, never())
    .catch((reason) => reason);
  expect(ConnectorError.isInstance(thrown)).toBe(true);
  expect(JSON.stringify(thrown) + thrown.message).not.toMatch(/ResponseError|stacktrace/);
});

it.each([
  '{"constructor":1}',
  '{"__proto__":{"a":1},"b":[{"__proto__":2}]}',
  '{"2":"a","10":"b","name":"Ñandú \u2028"}',
  '{"half":"\\ud800"}',
])("signs the bytes that it sends: %s", async (text) => {
  const requests: { body: string; headers: Record<string, string> }[] = [];
  const recording: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push({ body: await request.text(), headers: Object.fromEntries(request.headers) });
    return Response.json({ ok: true });
  };
  const delivery = { tenantId: crypto.randomUUID(), path: "orders", deliveryId: "d-1" };
  const n8n = connectorTo("http://n8n.test", { fetch: recording });
  await n8n.trigger({ ...delivery, payload: JSON.parse(text) }, never());
  const [request] = requests;
  expect(requests).toHaveLength(1);
  expect(request?.body).toBe(text);
  expect(request?.headers).toMatchObject({ "webhook-id": "d-1", "content-type": "application/json" });
  const secret = Buffer.from(workflowSecret(webhookSecret, delivery.tenantId)).toString("base64");
  expect(new Webhook(secret).verify(request?.body ?? "", request?.headers ?? {})).toEqual(JSON.parse(text));
});
