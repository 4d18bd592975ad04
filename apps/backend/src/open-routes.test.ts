import { createHash } from "node:crypto";
import { Validator } from "@seriousme/openapi-schema-validator";
import { createAllowList, defaultPaths } from "@smarteros/tools-fastapi";
import { createBackend } from "@smarteros/tools-fastapi/backend-client";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bodyOf, callOf, startBackend } from "./backend.fixture.ts";

let backend: Awaited<ReturnType<typeof startBackend>>;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());

const send = (path: string, init?: RequestInit) => fetch(backend.url + path, init);
const validate = (body: string, type: string | undefined = "application/json") =>
  send("/validate", { method: "POST", body, headers: type ? { "Content-Type": type } : {} });

describe("GET /health", () => {
  it("responds 200 when the database responds", async () => {
    const response = await send("/health");
    expect(response.status).toBe(200);
    expect(await bodyOf(response)).toEqual({
      ok: true,
      service: "backend",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      supabase: { ok: true, latencyMs: expect.any(Number) },
    });
  });

  it("responds 503 when the database does not respond, with one probe for concurrent requests", async () => {
    const unreachable = `http://127.0.0.1:${await getPort()}`;
    const broken = await startBackend({ supabase: { url: unreachable, serviceRoleKey: "key" } });
    const responses = await Promise.all(Array.from({ length: 20 }, () => fetch(`${broken.url}/health`)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([503]));
    const bodies = await Promise.all(responses.map((response) => bodyOf(response)));
    expect(new Set(bodies.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(bodies[0]).toMatchObject({ ok: false, supabase: { ok: false, error: "unreachable" } });
    expect(JSON.stringify(bodies)).not.toContain("127.0.0.1");
    await broken.stop();
  });

  it("responds to HEAD without a body", async () => {
    const response = await send("/health", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("POST /validate", () => {
  it("accepts a ping", async () => {
    const response = await validate('{"ping":true}');
    expect([response.status, await bodyOf(response)]).toEqual([200, { ok: true }]);
  });

  it.each([
    ["{}", "invalid_input", 400],
    ['{"ping":false}', "invalid_input", 400],
    ['{"ping":true,"x":1}', "invalid_input", 400],
    ["[]", "invalid_input", 400],
    ["null", "invalid_input", 400],
    ["{", "invalid_json", 400],
    ["", "invalid_json", 400],
    [" ".repeat(70_000), "payload_too_large", 413],
  ])("%# refuses what does not fit", async (body, code, status) => {
    const response = await validate(body);
    expect(response.status).toBe(status);
    expect(await bodyOf(response)).toEqual({
      ok: false,
      error: code,
      message: expect.any(String),
      ...(code === "invalid_input"
        ? { issues: [{ path: expect.any(String), message: expect.any(String) }] }
        : {}),
      meta: { requestId: response.headers.get("X-Request-ID") },
    });
  });

  it("names an unknown key", async () => {
    const { issues } = await bodyOf(await validate('{"ping":true,"x":1}'));
    expect(issues).toEqual([{ path: "x", message: "Unknown key. Leave it out or correct its name." }]);
  });

  it("refuses other media types", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
      const response = await validate('{"ping":true}', type);
      expect([response.status, (await bodyOf(response)).error]).toEqual([415, "unsupported_media_type"]);
    }
  });

  it("refuses a body without Content-Length at the same size", async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(" ".repeat(10_000))),
    });
    const init = {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { "Content-Type": "application/json" },
    };
    const response = await send("/validate", init as RequestInit);
    expect(response.status).toBe(413);
  });
});

describe("an unknown path or method", () => {
  it.each(["/", "/nothing", "/health/", "/HEALTH", "/tenants/", "/tenants/a/b", "/.env", "/docs/x"])(
    "GET %s is 404 in the envelope",
    async (path) => {
      const response = await send(path);
      expect([response.status, (await bodyOf(response)).error]).toEqual([404, "not_found"]);
    },
  );

  it.each([
    ["DELETE", "/health", "GET, HEAD"],
    ["GET", "/validate", "POST"],
    ["PUT", "/tenants", "GET, HEAD"],
    ["POST", "/tenants", "GET, HEAD"],
    ["PATCH", "/tenants/x", "GET, HEAD"],
    ["POST", "/openapi.json", "GET, HEAD"],
  ])("%s %s is 405, or 401 where an assertion comes first", async (method, path, allow) => {
    const response = await send(path, { method });
    const { error } = await bodyOf(response);
    if (path.startsWith("/tenants")) return expect([response.status, error]).toEqual([401, "unauthorized"]);
    expect([response.status, error, response.headers.get("Allow")]).toEqual([
      405,
      "method_not_allowed",
      allow,
    ]);
  });

  it("OPTIONS lists the methods and allows no other origin", async () => {
    const response = await send("/validate", { method: "OPTIONS", headers: { Origin: "https://evil.test" } });
    expect([response.status, response.headers.get("Allow")]).toEqual([204, "POST"]);
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("every response", () => {
  it.each(["/health", "/nothing", "/tenants", "/docs", "/openapi.json"])(
    "%s carries headers that protect",
    async (path) => {
      const { headers } = await send(path);
      expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("X-Frame-Options")).toBe("DENY");
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("X-Powered-By")).toBe(null);
      expect(headers.get("X-Request-ID")).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it("uses a given request id only if it is a UUID", async () => {
    const id = "0198c2f0-7a3e-7cc2-b5d4-2f6f1c9d8e7a";
    const requestIdOf = async (given: string) =>
      (await send("/health", { headers: { "X-Request-ID": given } })).headers.get("X-Request-ID");
    expect(await requestIdOf(id)).toBe(id);
    for (const given of ["1", "a".repeat(36), `${id}x`, "<script>", "$(id)"]) {
      expect(await requestIdOf(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    }
  });

  it("is logged in one line, with the trace and without the query", async () => {
    const id = crypto.randomUUID();
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    await send("/health?token=hush", { headers: { "X-Request-ID": id, traceparent } });
    const line = backend.lines.find((one) => one.includes(id)) ?? "";
    expect(line).toMatch(/^\[BACKEND_REQUEST\] \{/);
    expect(JSON.parse(line.slice(line.indexOf("{")))).toEqual({
      requestId: id,
      method: "GET",
      path: "/health",
      status: 200,
      durationMs: expect.any(Number),
      traceId: "a".repeat(32),
    });
    expect(backend.lines.join()).not.toContain("hush");
  });
});

describe("the description", () => {
  it("is a valid OpenAPI 3.1 document", async () => {
    const document = await bodyOf(await send("/openapi.json"));
    const result = await new Validator().validate({ ...document });
    expect(result.errors).toBeUndefined();
    expect([result.valid, document.openapi]).toEqual([true, "3.1.0"]);
  });

  it("contains exactly the paths that the tools may call", async () => {
    const { paths } = await bodyOf(await send("/openapi.json"));
    const described = Object.entries<object>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
    );
    const toolsOwn = [
      "GET /services/runs/:id",
      "GET /services/status",
      "POST /n8n/workflow",
      "POST /services/adopt",
      "POST /services/provision",
      "POST /services/reconcile",
      "POST /services/remove",
      "POST /services/runs/:id/cancel",
      "POST /services/runs/:id/retry",
      "POST /services/runs/cancel",
      "POST /services/runs/retry",
      "PUT /n8n/workflow",
    ];
    const byPath = defaultPaths.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual([...byPath, ...toolsOwn].sort());
  });

  it("names the paths that require an assertion, and those refuse requests without one", async () => {
    const { paths, components } = await bodyOf(await send("/openapi.json"));
    expect(components.securitySchemes.assertion?.scheme).toBe("bearer");
    const operations = Object.entries<Record<string, { security: object[] }>>(paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { security }]) => ({ path, method, security })),
    );
    const open = operations.filter(({ security }) => security.length === 0);
    expect(open.map(({ path }) => path).sort()).toEqual(["/health", "/validate"]);
    for (const { path, method, security } of operations) {
      if (open.some((one) => one.path === path)) continue;
      expect(security).toEqual([{ assertion: [] }]);
      const response = await send(path.replace("{id}", "x"), { method: method.toUpperCase() });
      expect([path, response.status, (await bodyOf(response)).error]).toEqual([path, 401, "unauthorized"]);
    }
  });

  it("is rendered as a page with every path that loads no resource", async () => {
    const response = await send("/docs");
    const page = await response.text();
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html/);
    for (const { method, path } of defaultPaths)
      expect(page).toContain(`${method} ${path.replace(/:(\w+)/, "{$1}")}`);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|base)|@import|url\(|src=|https?:\/\//i);
    // The policy allows only its inline style.
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(response.headers.get("Content-Security-Policy")).toContain(`style-src 'sha256-${hash}'`);
    expect(page).not.toMatch(/ style=| on\w+=/);
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(["openapi.json"]);
  });
});

it("the tools' client works with the backend, without and with the secret", async () => {
  const open = createBackend({ url: backend.url });
  const allowed = createAllowList();
  expect(await open.request({ allowed, method: "GET", path: "/health" }, callOf("user_1"))).toMatchObject({
    status: 200,
  });
  const body = { ping: true };
  expect(
    await open.request({ allowed, method: "POST", path: "/validate", body }, callOf("user_1")),
  ).toMatchObject({
    status: 200,
    data: { ok: true },
  });
  expect(await open.request({ allowed, method: "GET", path: "/tenants" }, callOf("user_1"))).toMatchObject({
    status: 401,
  });
});
