import { describe, expect, inject, test } from "vitest";
import { send } from "./http-client.ts";
import { newUser, sessionToken, tokenOf } from "./tokens.ts";

const { local, clerk, disabled } = inject("web");
const read = ["analytics.summary", "health.timeline", "services.status", "tenants.get", "tenants.list"];
const write = [
  ...read,
  "n8n.trigger",
  "services.cancel",
  "services.provision",
  "services.reconcile",
  "services.retry",
  "tenants.create",
  "tenants.delete",
  "tenants.resolve",
  "tenants.restore",
  "tenants.updateServices",
].sort();
const admin = ["audit.search", "tenants.handOver", "n8n.register", "services.adopt", "services.remove"];
const backend = ["fastapi.get", "fastapi.post"];

describe.each(["/api/mcp/tool", "/api/mcp"])("GET %s", (path) => {
  test.each([
    ["viewer", read],
    ["operator", write],
    ["auditor", ["audit.search", ...read].sort()],
    ["support", write],
    ["admin", [...admin, ...write].sort()],
  ])("shows the role %s what it may call, and no more", async (role, tools) => {
    const headers = { Authorization: `Bearer ${await tokenOf(local, newUser(), role)}` };
    const { status, body } = await send(local, path, { headers });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      enabled: true,
      authenticated: true,
      usage: expect.stringContaining("POST /api/mcp/tool"),
      rateLimit: { limit: 30, windowSeconds: 60, remaining: 30 },
    });
    expect(body.availableTools.map(({ name }) => name)).toEqual(tools);
    for (const tool of body.availableTools)
      expect(tool).toMatchObject({
        description: expect.any(String),
        inputSchema: { type: "object", additionalProperties: false },
      });
  });

  test.each([
    ["nobody", async () => undefined],
    [
      "a forged token",
      async () => `Bearer ${await sessionToken(local, { claims: { iss: "https://x.example" } })}`,
    ],
    ["a token that is none", async () => "Bearer nonsense"],
    ["another scheme", async () => "Basic dXNlcjpwYXNz"],
    ["an unknown role", async () => `Bearer ${await tokenOf(local, newUser(), "root")}`],
  ])("shows %s no tool", async (_who, credential) => {
    const authorization = await credential();
    const { status, body } = await send(local, path, {
      headers: authorization ? { Authorization: authorization } : {},
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, enabled: true, authenticated: false, availableTools: [] });
  });

  test("shows the user of a session cookie the same as by Bearer, but not to another site", async () => {
    const Cookie = `theme=dark; __session=${await tokenOf(clerk)}`;
    const own = await send(clerk, path, { headers: { Cookie } });
    const other = await send(clerk, path, { headers: { Cookie, "Sec-Fetch-Site": "cross-site" } });
    // This deployment has a backend, and so its tools.
    const names = own.body.availableTools.map(({ name }) => name);
    expect(names).toEqual([...backend, ...write].sort());
    expect(other.body).toMatchObject({ authenticated: false, availableTools: [] });
  });

  test.each([
    ["viewer", read],
    ["auditor", ["audit.search", ...read].sort()],
    ["admin", [...admin, ...backend, ...write].sort()],
  ])(
    "shows the role %s the backend's tools that it may call, where there is a backend",
    async (role, tools) => {
      const headers = { Authorization: `Bearer ${await tokenOf(clerk, newUser(), role)}` };
      const { body } = await send(clerk, path, { headers });
      expect(body.availableTools.map(({ name }) => name)).toEqual(tools);
    },
  );

  test("says that the tools are switched off", async () => {
    const headers = { Authorization: `Bearer ${await tokenOf(disabled)}` };
    const { status, body } = await send(disabled, path, { headers });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, enabled: false, authenticated: true, availableTools: [] });
  });
});

test("the description is the same, byte for byte, each time", async () => {
  const headers = { Authorization: `Bearer ${await tokenOf(local)}` };
  const [first, second] = [
    await send(local, "/api/mcp", { headers }),
    await send(local, "/api/mcp/tool", { headers }),
  ];
  expect(second.text).toBe(first.text);
});
