import { describe, expect, inject, test } from "vitest";
import { send } from "./http-client.ts";
import { tokenOf } from "./tokens.ts";

const { local } = inject("web");
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every JSON route with the methods that it has. */
const routes: Record<string, string[]> = {
  "/api/mcp/tool": ["GET", "HEAD", "POST", "OPTIONS"],
  "/api/mcp": ["GET", "HEAD", "OPTIONS"],
  "/api/mcp/invocations/recent": ["GET", "HEAD", "OPTIONS"],
  "/api/mcp/ping": ["GET", "HEAD", "OPTIONS"],
  "/api/health": ["GET", "HEAD", "OPTIONS"],
  "/api/services": ["GET", "HEAD", "OPTIONS"],
  "/api/services/stream": ["GET", "HEAD", "OPTIONS"],
};
const everyMethod = ["GET", "POST", "PUT", "PATCH", "DELETE"];

describe.each(Object.entries(routes))("%s", (path, methods) => {
  const others = everyMethod.filter((method) => !methods.includes(method));

  test.each(others)("refuses %s in the envelope and says what it allows", async (method) => {
    const answer = await send(local, path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(methods.join(", "));
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      ok: false,
      error: "method_not_allowed",
      message: expect.stringContaining(method),
      meta: { durationMs: expect.any(Number), requestId: expect.stringMatching(uuid) },
    });
  });

  test("answers OPTIONS with its methods and gives no other site leave", async () => {
    const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
    const answer = await send(local, path, { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("allow")).toBe(methods.join(", "));
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test("answers HEAD as GET, without a body", async () => {
    const headers = { Authorization: `Bearer ${await tokenOf(local)}` };
    const get = await send(local, path, { headers });
    const head = await send(local, path, { method: "HEAD", headers });
    expect([head.status, head.text]).toEqual([get.status, ""]);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    expect(head.headers.get("cache-control")).toBe("no-store");
  });

  test("carries the security headers and does not say what it runs on", async () => {
    const { headers } = await send(local, path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cross-origin-resource-policy": "same-origin",
      "strict-transport-security": expect.stringMatching(/^max-age=\d{8}/),
    });
    expect(headers.has("x-powered-by")).toBe(false);
    expect(headers.has("server")).toBe(false);
  });
});

test.each(["/api/nothing", "/api/mcp/tool/x", "/api/mcp/invocations", "/api", "/nothing"])(
  "%s is not there",
  async (path) => expect((await send(local, path)).status).toBe(404),
);
