import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { localEnvironment } from "./environments.ts";
import { newAddress, outcome, post, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { startWeb, type WebServer } from "./web-server.ts";

const { local } = inject("web");
const many = <Result>(count: number, ask: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, ask));
const statuses = (answers: { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

describe("what is not a call of a tool has limits of its own, for each user", () => {
  test.each([
    ["/api/mcp/invocations/recent", 300],
    ["/api/mcp/tool", 120],
    ["/api/mcp", 120],
    ["/api/audit/export?format=csv", 20],
  ])("GET %s: %i a minute, then 429 with Retry-After, and the tools go on", async (path, limit) => {
    const [token, other] = [
      await tokenOf(local, newUser(), "admin"),
      await tokenOf(local, newUser(), "admin"),
    ];
    const ask = (bearer: string) => send(local, path, { headers: { Authorization: `Bearer ${bearer}` } });
    // Exports one after the other: three at once is all there may be.
    const answers = [];
    for (const at of path.includes("export") ? Array(limit + 3).fill(1) : [limit + 3])
      answers.push(...(await many(at, () => ask(token))));
    expect(statuses(answers, 200)).toBe(limit);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(statuses(answers, 429)).toBe(3);
    expect(outcome(refused)).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit-limit")).toBe(String(limit));
    expect((await ask(other)).status).toBe(200);
    expect((await post(local, token, { name: "tenants.list" })).status).toBe(200);
  });

  test("an export that is left before it was read holds no place", async () => {
    const headers = { Authorization: `Bearer ${await tokenOf(local, newUser(), "admin")}` };
    for (let asked = 0; asked < 6; asked += 1) {
      const answer = await fetch(`${local.url}/api/audit/export`, { headers });
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
    }
  });

  test("descriptions without a credential are limited by address", async () => {
    const headers = { "X-Forwarded-For": newAddress() };
    const answers = await many(125, () => send(local, "/api/mcp", { headers }));
    expect([statuses(answers, 200), statuses(answers, 429)]).toEqual([120, 5]);
    expect((await send(local, "/api/mcp")).status).toBe(200);
  });
});

describe("without a trusted proxy", () => {
  const embedded = inject("embedded");
  let bare: WebServer;
  beforeAll(async () => {
    bare = await startWeb((origin) => ({ ...localEnvironment(embedded, origin), TRUSTED_PROXY_HOPS: "" }));
  });
  afterAll(() => bare.stop());

  test("addresses that a caller writes are ignored: rotating them passes 30 of 38, and a known user is not held up", async () => {
    const forged = () => post(bare, "a.b.c", {}, { "X-Forwarded-For": newAddress() });
    const answers = [];
    for (let asked = 0; asked < 38; asked += 1) answers.push(await forged());
    expect([statuses(answers, 401), statuses(answers, 429)]).toEqual([30, 8]);
    const token = await tokenOf(bare);
    expect((await post(bare, token, { name: "tenants.list" })).status).toBe(200);
    // The socket's own address counts where there is no header, too.
    const plain = await fetch(`${bare.url}/api/mcp/tool`, { method: "POST" });
    expect(plain.status).toBe(429);
  });

  test("the field that carries the socket's address cannot be sent", async () => {
    const answer = await fetch(`${bare.url}/api/mcp/tool`, {
      method: "POST",
      headers: { "X-Socket-Address": "6.6.6.6" },
    });
    expect(answer.status).toBe(429);
  });
});
