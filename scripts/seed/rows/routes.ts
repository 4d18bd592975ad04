import assert from "node:assert/strict";
import { listedTenants, resultOf } from "../demo-tenant.ts";
import { embeddedOf, type Row, row } from "../row.ts";
import { send, type User } from "../target.ts";
import { webWithSwitchOff } from "../web-with-switch-off.ts";

const running =
  "the master switch of a running deployment is left alone: it is checked on the embedded default";
const spends = "it would spend the caller's calls of a minute: it is checked on the embedded default";

/** Calls until the rate limit rejects a call; the first 30 of a minute must pass. */
async function callUntilLimited({ call }: User) {
  const responses = await Promise.all(Array.from({ length: 35 }, () => call("tenants.list")));
  return responses.filter(({ status }) => status === 429);
}

export const routeRows: Row[] = [
  row("route-ping", async ({ url }) => {
    const { status, body } = await send(`${url}/api/mcp/ping`);
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(body, { ok: true, service: "mcp" });
  }),
  row(
    "route-ping-disabled",
    async (target) => {
      const { body } = await send(`${await webWithSwitchOff(target)}/api/mcp/ping`);
      assert.deepEqual(body, { ok: false, service: "mcp", disabled: true, reason: "MCP_ENABLED not true" });
    },
    { embedded: running },
  ),
  row("route-tool-auth", async ({ url }) => {
    const body = JSON.stringify({ name: "tenants.list" });
    const headers = { "Content-Type": "application/json" };
    const { status, headers: sent } = await send(`${url}/api/mcp/tool`, { method: "POST", headers, body });
    assert.equal(status, 401);
    assert.match(sent.get("www-authenticate") ?? "", /Bearer/);
  }),
  row("route-tool-limit", async (target) => {
    const { headers } = await listedTenants(target);
    assert.equal(headers.get("ratelimit-limit"), "30");
  }),
  row("route-tool-timing", async (target) => {
    const { body } = await listedTenants(target);
    assert.ok(Number.isInteger(body.meta?.durationMs));
  }),
  row("route-tool-logging", async (target) => {
    const { body } = await listedTenants(target);
    assert.match(body.meta?.requestId ?? "", /^[0-9a-f-]{36}$/);
  }),
  row("route-health", async ({ url }) => {
    const { status, body } = await send(`${url}/api/health`);
    assert.ok([200, 503].includes(status));
    for (const part of ["frontend", "mcp", "supabase", "backend"])
      assert.ok(part in body, `${part} is missing`);
    const { validator } = body.backend as { validator: object };
    assert.deepEqual(Object.keys(validator).sort(), ["health", "validate"]);
  }),
];

export const limitRows: Row[] = [
  row("limit-per-user", async (target) => {
    const { headers } = await listedTenants(target);
    assert.ok(Number(headers.get("ratelimit-remaining")) < 30);
  }),
  row(
    "limit-refusal",
    async (target) => {
      const limited = await callUntilLimited(embeddedOf(target).limitedUser);
      assert.ok(limited.length >= 5);
      const [first] = limited;
      assert.equal(first?.body.error, "rate_limited");
      assert.ok(Number(first?.body.retryAfterMs) > 0);
      assert.ok(Number(first?.headers.get("retry-after")) > 0);
      resultOf(await embeddedOf(target).secondUser.call("tenants.list"));
    },
    { embedded: spends },
  ),
];

export const switchRow: Row = row(
  "flag-mcp-enabled",
  async (target) => {
    const { status, body } = await send(`${await webWithSwitchOff(target)}/api/mcp/tool`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${target.user.token}` },
      body: JSON.stringify({ name: "tenants.list" }),
    });
    assert.deepEqual([status, body.error], [403, "mcp_disabled"]);
  },
  { embedded: running },
);
