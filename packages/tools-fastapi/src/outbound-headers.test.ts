import { context, propagation, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { createCatalog, createPipeline, createPrincipal } from "@smarteros/core";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAllowList } from "./allow-list.ts";
import { createBackend } from "./backend-client.ts";
import type { BackendPorts } from "./ports.ts";
import { createBackendTools } from "./tools.ts";
import { callOf, startUpstream, type Upstream } from "./upstream.fixture.ts";

const allowed = createAllowList();
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.hits.length = 0;
});
afterAll(() => upstream.stop());

describe("what the backend receives", () => {
  it("the user and the request, and nothing else of ours without a secret", async () => {
    const call = callOf();
    await createBackend({ url: upstream.url }).request({ allowed, method: "GET", path: "/health" }, call);
    const { headers } = upstream.hits[0]!;
    expect(headers).toMatchObject({ "x-user-id": "user_1", "x-request-id": call.requestId });
    for (const name of ["authorization", "cookie", "traceparent", "baggage", "forwarded"]) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it("with a secret, an assertion of 60 s for the backend's origin", async () => {
    const backend = createBackend({ url: `${upstream.url}/api`, secret: "s".repeat(32) });
    await backend.request({ allowed, method: "GET", path: "/health" }, callOf("user_2"));
    const claims = decodeJwt(upstream.hits[0]!.headers.authorization!.replace("Bearer ", ""));
    expect(claims).toEqual({
      iss: "smarteros",
      aud: upstream.url,
      sub: "user_2",
      capabilities: ["read", "write"],
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: claims.iat! + 60,
    });
  });

  it("a user id cannot end its header", async () => {
    await createBackend({ url: upstream.url }).request(
      { allowed, method: "GET", path: "/health" },
      callOf("u\r\nAuthorization: Bearer x\0ñ"),
    );
    const { headers } = upstream.hits[0]!;
    expect(headers["x-user-id"]).toBe("u%0D%0AAuthorization:%20Bearer%20x%00%C3%B1");
    expect(headers).not.toHaveProperty("authorization");
  });
});

describe("the trace", () => {
  const spanContext = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: TraceFlags.SAMPLED };
  const under = <Result>(ids: Partial<typeof spanContext>, work: () => Result) =>
    context.with(trace.setSpanContext(context.active(), { ...spanContext, ...ids }), work);
  const ask = () =>
    createBackend({ url: upstream.url }).request({ allowed, method: "GET", path: "/health" }, callOf());

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  });
  afterAll(() => {
    context.disable();
    propagation.disable();
  });

  it("continues in the backend", async () => {
    await under({}, ask);
    expect(upstream.hits[0]?.headers.traceparent).toBe(`00-${"a".repeat(32)}-${"b".repeat(16)}-01`);
  });

  it("is left out where there is none", async () => {
    await ask();
    expect(upstream.hits[0]?.headers).not.toHaveProperty("traceparent");
  });

  it("is left out where a propagator writes something else", async () => {
    propagation.disable();
    propagation.setGlobalPropagator({
      inject: (_, carrier) =>
        Object.assign(carrier as object, { traceparent: "nonsense", baggage: "a=b", cookie: "c" }),
      extract: (active) => active,
      fields: () => [],
    });
    await ask();
    for (const name of ["traceparent", "baggage", "cookie"]) {
      expect(upstream.hits[0]?.headers).not.toHaveProperty(name);
    }
  });
});

describe("through the pipeline, as a transport calls it", () => {
  const pipeline = createPipeline<BackendPorts>({
    enabled: true,
    catalog: createCatalog<BackendPorts>(createBackendTools()),
    limiter: {
      consume: async () => ({ allowed: true, limit: 30, remaining: 29, resetMs: 1 }),
      peek: async () => ({ allowed: true, limit: 30, remaining: 29, resetMs: 1 }),
    },
    recorder: {
      record: async () => undefined,
      limited: async () => undefined,
      intend: async () => undefined,
    },
  });
  const invoke = (name: string, args: unknown, role: "operator" | "viewer" = "operator") =>
    pipeline.invoke({
      name,
      args,
      principal: createPrincipal("user_1", role),
      ports: { backend: createBackend({ url: upstream.url, secret: "s".repeat(32) }) },
      transport: "http",
      requestId: crypto.randomUUID(),
    });

  it("fastapi.get and fastapi.post return status, data and time", async () => {
    for (const [name, args] of [
      ["fastapi.get", { path: "/health" }],
      ["fastapi.post", { path: "/validate", body: { ping: true } }],
    ] as const) {
      const outcome = await invoke(name, args);
      expect(outcome).toMatchObject({ ok: true, result: { status: 200, data: {} } });
    }
  });

  it("a viewer sends nothing", async () => {
    expect(await invoke("fastapi.get", { path: "/health" }, "viewer")).toMatchObject({
      error: { code: "forbidden" },
    });
    expect(upstream.hits).toHaveLength(0);
  });

  it.each([
    { path: "/health", headers: { Authorization: "Bearer x" } },
    { path: "/health", url: "http://169.254.169.254" },
    { path: "/health", method: "DELETE" },
    { path: "/health", body: {} },
    { path: ["/health"] },
    { path: "/health/../tenants" },
  ])("a caller cannot add %j", async (args) => {
    expect(await invoke("fastapi.get", args)).toMatchObject({ error: { code: "invalid_input" } });
    expect(upstream.hits).toHaveLength(0);
  });
});
