import { describe, expect, inject, test } from "vitest";
import { outcome, post, send } from "./http-client.ts";
import { tokenOf } from "./tokens.ts";
import { logOf } from "./web-server.ts";

const { local, clerk, disabled, misconfigured } = inject("web");
const version = expect.stringMatching(/^\d+\.\d+\.\d+/);
const healthy = { ok: true, latencyMs: expect.any(Number) };
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

describe("GET /api/mcp/ping", () => {
  test.each([
    ["local identity", local, { ok: true, service: "mcp", version }],
    ["Clerk identity", clerk, { ok: true, service: "mcp", version }],
    [
      "the switch off",
      disabled,
      { ok: false, service: "mcp", disabled: true, reason: "MCP_ENABLED not true" },
    ],
    [
      "wrong settings",
      misconfigured,
      { ok: false, service: "mcp", misconfigured: true, reason: expect.any(String) },
    ],
  ])("answers 200 with %s", async (_state, web, body) => {
    const answer = await send(web, "/api/mcp/ping");
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(body);
  });
});

describe("GET /api/health", () => {
  test("with local identity and no FASTAPI_URL leaves the backend out", async () => {
    const { status, body } = await send(local, "/api/health");
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      timestamp: isoTime,
      frontend: { ok: true },
      mcp: { enabled: true, audit: { backlog: expect.any(Number), dropped: 0 } },
      monitor: { lastPassAt: expect.toBeOneOf([null, expect.any(String)]) },
      workers: { ok: false, notice: expect.stringContaining("No worker has reported") },
      supabase: healthy,
    });
  });

  test("says that the switch is off, which is not ill", async () => {
    const { status, body } = await send(disabled, "/api/health");
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ ok: true, mcp: { enabled: false, audit: { backlog: 0, dropped: 0 } } }),
    ]);
  });

  test("is 503 with wrong settings", async () => {
    const { status, body } = await send(misconfigured, "/api/health");
    expect(status).toBe(503);
    expect(body).toEqual({ ok: false, timestamp: isoTime, frontend: { ok: true }, misconfigured: true });
  });
});

describe("with the switch off", () => {
  test("no call is made, whoever asks", async () => {
    for (const token of [undefined, "rubbish", await tokenOf(disabled)])
      expect(outcome(await post(disabled, token, { name: "tenants.list" }))).toEqual([403, "mcp_disabled"]);
  });

  test("the recent calls are still there", async () => {
    const headers = { Authorization: `Bearer ${await tokenOf(disabled)}` };
    const { status, body } = await send(disabled, "/api/mcp/invocations/recent", { headers });
    expect([status, body]).toEqual([200, { ok: true, items: [] }]);
  });
});

describe("with wrong settings", () => {
  test.each([
    ["POST", "/api/mcp/tool"],
    ["GET", "/api/mcp/tool"],
    ["GET", "/api/mcp"],
    ["GET", "/api/mcp/invocations/recent"],
  ])("%s %s is 503 in the envelope", async (method, path) => {
    const answer = await send(misconfigured, path, { method });
    expect(outcome(answer)).toEqual([503, "unavailable"]);
    expect(answer.body.meta.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("the log names every wrong setting and shows no value, and neither does any answer", async () => {
    const log = logOf(misconfigured);
    for (const name of [
      "NEXT_PUBLIC_SUPABASE_URL",
      "CLERK_SECRET_KEY",
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
      "CLERK_AUTHORIZED_PARTIES",
    ])
      expect(log).toContain(name);
    expect(log).not.toContain("hunter2");

    for (const path of ["/", "/api/mcp", "/api/mcp/ping", "/api/health"]) {
      const { text } = await send(misconfigured, path);
      expect(text).not.toMatch(/hunter2|SUPABASE|CLERK_/);
    }
  });

  test("the landing page says so, and nobody gets to the panel or to a session", async () => {
    const home = await send(misconfigured, "/");
    expect([home.status, home.text]).toEqual([200, expect.stringContaining("mal configurada")]);
    const panel = await send(misconfigured, "/dashboard");
    expect([panel.status, panel.headers.get("location")]).toEqual([307, "/sign-in"]);
    const signIn = await send(misconfigured, "/session/sign-in", {
      method: "POST",
      headers: { Origin: misconfigured.url },
      body: new URLSearchParams({ user: "admin" }),
    });
    expect(signIn.status).toBe(404);
  });
});
