import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newAddress, outcome, post, send } from "./door.ts";
import { localEnvironment } from "./environments.ts";
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
    const answers = [];
    for (let asked = 0; asked < limit + 3; asked += 1) answers.push(await ask(token));
    expect(statuses(answers, 200)).toBe(limit);
    const refused = answers.at(-1)!;
    expect(outcome(refused)).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit-limit")).toBe(String(limit));
    expect((await ask(other)).status).toBe(200);
    expect((await post(local, token, { name: "tenants.list" })).status).toBe(200);
  });

  test("three exports at once, and one that is read or left makes room", async () => {
    const headers = { Authorization: `Bearer ${await tokenOf(local, newUser(), "admin")}` };
    const open = () => fetch(`${local.url}/api/audit/export`, { headers });
    const held = [await open(), await open(), await open()];
    expect(held.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await held[0]?.text())?.length).toBeGreaterThanOrEqual(0);
    await held[1]?.body?.cancel();
    await held[2]?.text();
    expect((await open()).status).toBe(200);
  });

  test("descriptions without a credential are limited by address", async () => {
    const headers = { "X-Forwarded-For": newAddress() };
    const answers = await many(125, () => send(local, "/api/mcp", { headers }));
    expect([statuses(answers, 200), statuses(answers, 429)]).toEqual([120, 5]);
    expect((await send(local, "/api/mcp")).status).toBe(200);
  });

  test("pages that read: the 601st read is told to wait, in the reader's language, and other users are not", async () => {
    const page = (token: string, language: string) =>
      send(local, "/dashboard/tenants/none", {
        headers: { Cookie: `__session=${token}`, "Accept-Language": language },
      });
    const [token, other] = [await tokenOf(local), await tokenOf(local)];
    // Reads three times, of nothing: what is no id is not looked up.
    let refused = await page(token, "es");
    for (let asked = 0; asked < 210 && refused.status !== 429; asked += 1) refused = await page(token, "es");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.text).toMatch(/<html lang="es-CL">[\s\S]*Demasiadas solicitudes[\s\S]*Espera \d+ s/);
    expect((await page(token, "en")).text).toMatch(
      /<html lang="en">[\s\S]*Too many requests[\s\S]*Wait \d+ s/,
    );
    expect((await page(other, "es")).status).not.toBe(429);
    expect((await post(local, token, { name: "tenants.list" })).status).toBe(200);
  }, 120_000);
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
