import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AllowedPath } from "./allowed-paths.ts";
import { toolsBefore } from "./invoking.fixture.ts";
import { createBackendTools } from "./tools.ts";
import { startUpstream, type Upstream } from "./upstream.fixture.ts";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.hits.length = 0;
});
afterAll(() => upstream.stop());

const body = {
  type: "object",
  properties: {
    sku: { type: "string", pattern: "^[a-z]+$" },
    count: { type: "integer", minimum: 1 },
    kind: { enum: ["new", "used"] },
    lines: {
      type: "array",
      items: { type: "object", properties: { at: { type: "string", format: "date" } } },
    },
  },
  required: ["sku"],
  additionalProperties: false,
};
const paths: readonly AllowedPath[] = [
  { method: "GET", path: "/reports/:month", capability: "read" },
  { method: "GET", path: "/reports/secret", capability: "admin" },
  {
    method: "GET",
    path: "/search",
    query: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
  },
  { method: "POST", path: "/orders", body },
  { method: "POST", path: "/orders/:id/cancel" },
];
const sent = () => upstream.hits.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
const tools = () => toolsBefore(upstream.url, { paths });
const codeOf = (outcome: Awaited<ReturnType<ReturnType<typeof tools>["invoke"]>>) =>
  outcome.ok ? "ok" : outcome.error.code;

describe("a list of one's own", () => {
  it("is what may be called, and nothing else", async () => {
    const { invoke } = tools();
    const calls = [
      ["fastapi.get", { path: "/reports/2026-11" }],
      ["fastapi.get", { path: "/search", query: { q: "a b" } }],
      ["fastapi.post", { path: "/orders", body: { sku: "ab" } }],
      ["fastapi.post", { path: "/orders/7/cancel" }],
    ] as const;
    for (const [name, args] of calls) expect(codeOf(await invoke(name, args))).toBe("ok");
    expect(sent()).toEqual([
      "GET /reports/2026-11",
      "GET /search?q=a+b",
      'POST /orders {"sku":"ab"}',
      "POST /orders/7/cancel",
    ]);
    upstream.hits.length = 0;
    for (const path of ["/health", "/tenants", "/reports", "/reports/a/b", "/reports/.env", "/orders"]) {
      const outcome = await invoke("fastapi.get", { path });
      expect([path, codeOf(outcome)]).toEqual([path, "invalid_input"]);
    }
    expect(sent()).toEqual([]);
  });

  it.each<[what: string, body: unknown, path: string, message: RegExp]>([
    ["nothing", undefined, "body", /Must be object/],
    ["a missing key", {}, "body.sku", /^Is required\.$/],
    ["an unknown key", { sku: "a", more: 1 }, "body.more", /^Unknown key/],
    ["another type", { sku: "a", count: "1" }, "body.count", /Must be integer/],
    ["too small a number", { sku: "a", count: 0 }, "body.count", /Must be >= 1/],
    ["what is on no enumeration", { sku: "a", kind: "old" }, "body.kind", /^Must be one of "new", "used"\.$/],
    [
      "what does not fit deep inside",
      { sku: "a", lines: [{}, { at: "1" }] },
      "body.lines.1.at",
      /format "date"/,
    ],
  ])("a body of %s is invalid_input that names its place", async (_, given, path, message) => {
    const outcome = await tools().invoke("fastapi.post", { path: "/orders", body: given });
    expect(codeOf(outcome)).toBe("invalid_input");
    const issues = outcome.ok ? [] : outcome.error.details.issues;
    expect(issues).toEqual([{ path, message: expect.stringMatching(message) }]);
    expect(sent()).toEqual([]);
  });

  it("a query that does not fit, and one or a body that is not described, is not sent", async () => {
    const { invoke } = tools();
    const issueOf = async (name: string, args: object) => {
      const outcome = await invoke(name, args);
      return outcome.ok ? undefined : outcome.error.details.issues?.[0]?.path;
    };
    expect(await issueOf("fastapi.get", { path: "/search" })).toBe("query.q");
    expect(await issueOf("fastapi.get", { path: "/search", query: { q: 1 } })).toBe("query.q");
    expect(await issueOf("fastapi.get", { path: "/reports/1", query: { all: true } })).toBe("query.all");
    expect(await issueOf("fastapi.post", { path: "/orders/1/cancel", body: {} })).toBe("body");
    expect(sent()).toEqual([]);
  });

  it("what is not an own key of the body is not there", async () => {
    const list: AllowedPath[] = [
      {
        method: "POST",
        path: "/a",
        body: { type: "object", properties: { toString: {} }, required: ["toString"] },
      },
    ];
    const { invoke } = toolsBefore(upstream.url, { paths: list });
    expect(codeOf(await invoke("fastapi.post", { path: "/a", body: {} }))).toBe("invalid_input");
    expect(sent()).toEqual([]);
  });
});

describe("the capability of a path", () => {
  it("is checked at each call, and of two paths that match the more exact one counts", async () => {
    const { invoke } = tools();
    const reading = (path: string, role: "viewer" | "operator" | "admin") =>
      invoke("fastapi.get", { path, ...(path === "/search" ? { query: { q: "a" } } : {}) }, role);
    expect(codeOf(await reading("/reports/2026-11", "viewer"))).toBe("ok");
    expect(codeOf(await reading("/search", "operator"))).toBe("ok");
    expect(codeOf(await reading("/reports/secret", "admin"))).toBe("ok");
    upstream.hits.length = 0;
    for (const [path, role, required] of [
      ["/search", "viewer", "write"],
      ["/reports/secret", "viewer", "admin"],
      ["/reports/secret", "operator", "admin"],
    ] as const) {
      const outcome = await reading(path, role);
      expect(outcome).toMatchObject({ ok: false, error: { code: "forbidden", details: { required } } });
    }
    expect(sent()).toEqual([]);
  });

  it("decides who is shown the tool", () => {
    const requires = (...needed: AllowedPath["capability"][]) =>
      createBackendTools({
        paths: needed.map((capability, index) => ({ method: "GET", path: `/a${index}`, capability })),
      }).find(({ name }) => name === "fastapi.get")?.requires;
    expect(requires(undefined)).toBe("write");
    expect(requires("write", "admin")).toBe("write");
    expect(requires("audit", "admin")).toBe("audit");
    expect(requires("admin")).toBe("admin");
    expect(requires("write", "read")).toBe("read");
    expect(requires("audit", "write")).toBe("read");
    expect(requires()).toBeUndefined();
  });
});

describe("what an agent reads", () => {
  const described = (list: readonly AllowedPath[]) =>
    Object.fromEntries(
      createBackendTools({ paths: list }).map(({ name, description }) => [name, description]),
    );

  it("is the list, with what each path needs", () => {
    expect(described(paths)).toMatchObject({
      "fastapi.get":
        "Use to read the backend by path: /reports/:month, /reports/secret (admin); with query q /search (write).",
      "fastapi.post":
        'Use to post to the backend by path, with the JSON body that the path takes: /orders with {"sku"}; /orders/:id/cancel.',
    });
  });

  it("has an end, however long the list is", () => {
    const long = Array.from({ length: 100 }, (_, index) => ({
      method: "GET" as const,
      path: `/${"a".repeat(40)}${index}`,
    }));
    const description = described(long)["fastapi.get"] ?? "";
    expect(description.length).toBeLessThan(1_100);
    expect(description).toMatch(/a\d+ and more\.$/);
  });

  it("has no tool for a method without paths", () => {
    expect(Object.keys(described([]))).not.toContain("fastapi.get");
    expect(Object.keys(described([]))).not.toContain("fastapi.post");
  });
});
