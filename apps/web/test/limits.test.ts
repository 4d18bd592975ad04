import { describe, expect, inject, test } from "vitest";
import { call, newAddress, outcome, post, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { logOf } from "./web-server.ts";

const { local } = inject("web");
const many = <Result>(count: number, ask: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, ask));

describe("a user may call thirty times a minute", () => {
  test("the thirty-first is told to wait, and for how long", async () => {
    const token = await tokenOf(local);
    const remaining: string[] = [];
    for (let count = 0; count < 30; count++) {
      const answer = await call(local, token, "tenants.list");
      expect(answer.status).toBe(200);
      remaining.push(answer.headers.get("ratelimit-remaining") ?? "");
    }
    expect(remaining).toEqual(Array.from({ length: 30 }, (_, index) => String(29 - index)));

    const { status, headers, body } = await call(local, token, "tenants.list");
    expect([status, body.error]).toEqual([429, "rate_limited"]);
    expect(body.retryAfterMs).toBeGreaterThan(0);
    expect(body.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(Number(headers.get("retry-after"))).toBe(Math.max(1, Math.ceil(body.retryAfterMs / 1000)));
    expect(headers.get("ratelimit-remaining")).toBe("0");
    expect(Number(headers.get("ratelimit-reset"))).toBeLessThanOrEqual(60);

    // What is wrong with a body is still told, and what draws nothing still answers.
    expect(outcome(await post(local, token, "{"))).toEqual([400, "invalid_json"]);
    const other = { headers: { Authorization: `Bearer ${token}` } };
    for (const path of ["/api/mcp/tool", "/api/mcp/invocations/recent"])
      expect((await send(local, path, other)).status).toBe(200);
  });

  test("thirty of forty at once get through, whatever they ask for and with however many tokens", async () => {
    const sub = newUser();
    const answers = await Promise.all([
      many(20, async () => call(local, await tokenOf(local, sub), "tenants.list")),
      many(10, async () => call(local, await tokenOf(local, sub, "viewer"), "no.such")),
      many(10, async () => call(local, await tokenOf(local, sub), "tenants.get", { id: 1 })),
    ]);
    expect(answers.flat().filter(({ status }) => status === 429)).toHaveLength(10);
  });

  test("users do not share, not even from one address", async () => {
    const headers = { "X-Forwarded-For": newAddress() };
    const [busy, other] = [await tokenOf(local), await tokenOf(local)];
    await many(31, () => post(local, busy, { name: "no.such" }, headers));
    expect((await post(local, busy, { name: "tenants.list" }, headers)).status).toBe(429);
    expect((await post(local, other, { name: "tenants.list" }, headers)).status).toBe(200);
  });

  test("descriptions, pings, polling and broken bodies draw nothing", async () => {
    const token = await tokenOf(local);
    const headers = { Authorization: `Bearer ${token}` };
    for (const path of ["/api/mcp", "/api/mcp/tool", "/api/mcp/invocations/recent", "/api/mcp/ping"])
      await many(10, () => send(local, path, { headers }));
    await many(10, () => post(local, token, "{"));
    expect((await call(local, token, "tenants.list")).headers.get("ratelimit-remaining")).toBe("29");
  });
});

describe("who has no principal is limited by address", () => {
  const forged = (address: string) => post(local, "a.b.c", {}, { "X-Forwarded-For": address });

  test("the thirty-first failure is told to wait, and is not even logged", async () => {
    const address = newAddress();
    const answers = await many(31, () => forged(address));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(30);
    const [limited] = answers.filter(({ status }) => status === 429);
    expect(limited?.body).toMatchObject({ error: "rate_limited", retryAfterMs: expect.any(Number) });
    expect(Number(limited?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(limited?.headers.has("ratelimit-limit")).toBe(false);
    expect(logOf(local)).not.toContain(limited?.body.meta.requestId);
    for (const { body } of answers.filter(({ status }) => status === 401))
      expect(logOf(local)).toContain(
        `[MCP_REFUSED] {"code":"unauthorized","requestId":"${body.meta.requestId}","reason":"The session token is not valid.`,
      );
  });

  test("a good token from the same address is not held up by it", async () => {
    const address = newAddress();
    await many(31, () => forged(address));
    const answer = await post(
      local,
      await tokenOf(local),
      { name: "tenants.list" },
      { "X-Forwarded-For": address },
    );
    expect(answer.status).toBe(200);
  });

  test("addresses that a caller writes in front of the list do not help", async () => {
    const address = newAddress();
    await many(30, () => forged(`${newAddress()}, ${address}`));
    expect((await forged(`${newAddress()}, ${newAddress()},${address}`)).status).toBe(429);
  });
});
