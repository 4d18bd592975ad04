import { request } from "node:http";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { ensureOnce, never, newSubject, startAll } from "../connectors.fixture.ts";
import { odooFake } from "../odoo/sandbox.ts";
import { startSandbox } from "./server.ts";

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => {
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());

const control = (path: string, init?: RequestInit) =>
  fetch(`${all.vendors.chatwoot.url}/__sandbox${path}`, init);
const json = (method: string, body: unknown) => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

it("the control API lists resources by tenant and adds and clears faults", async () => {
  const subject = newSubject();
  const { resource } = await ensureOnce(all.connectors.chatwoot, subject, never());
  const seen = await (await control("")).json();
  expect(seen).toMatchObject({
    vendor: "chatwoot",
    conditions: { plan_limit: false },
    faults: [],
    tenants: { [subject.tenantId]: [{ kind: "inbox", id: String(resource.id), name: resource.name }] },
  });

  expect((await control("/faults", json("POST", { fault: "error", times: null }))).status).toBe(201);
  await expect(all.connectors.chatwoot.find(subject, never())).rejects.toMatchObject({ status: 500 });
  expect((await control("/faults", { method: "DELETE" })).status).toBe(204);
  expect(await all.connectors.chatwoot.find(subject, never())).toHaveLength(1);

  expect((await control("/conditions", json("PUT", { plan_limit: true }))).status).toBe(200);
  await expect(ensureOnce(all.connectors.chatwoot, newSubject(), never())).rejects.toMatchObject({
    kind: "quota",
  });
  expect(((await (await control("/calls")).json()) as unknown[]).length).toBeGreaterThan(3);

  expect((await control("/reset", { method: "POST" })).status).toBe(204);
  expect(await (await control("")).json()).toMatchObject({ tenants: {}, conditions: { plan_limit: false } });
});

it("unknown faults and unknown conditions are refused", async () => {
  for (const body of [{ fault: "fire" }, { fault: "error", often: 2 }, "x", null]) {
    expect((await control("/faults", json("POST", body))).status).toBe(400);
  }
  expect((await control("/conditions", json("PUT", { on_fire: true }))).status).toBe(400);
  expect((await control("/faults", { method: "POST", body: "{" })).status).toBe(400);
});

it("requests with an Origin or a foreign host name are refused by the control API and the vendor", async () => {
  const foreign = (headers: Record<string, string>, path = "/__sandbox/reset", method = "POST") =>
    new Promise((resolve, reject) => {
      const call = request(all.vendors.chatwoot.url + path, { method, headers });
      call.once("response", (response) => resolve(response.resume().statusCode));
      call.once("error", reject).end();
    });
  expect(await foreign({ Origin: "https://evil.test" })).toBe(403);
  expect(await foreign({ Origin: all.vendors.chatwoot.url })).toBe(403);
  expect(await foreign({ Host: "evil.test" })).toBe(403);
  expect(await foreign({ Origin: "https://evil.test" }, "/api", "GET")).toBe(403);
  expect(await foreign({ Host: "evil.test" }, "/api", "GET")).toBe(403);
  expect(await foreign({}, "/api", "GET")).toBe(200);
  expect(await foreign({})).toBe(204);
});

it("a fault affects the matching calls, as often as specified", async () => {
  const { faults } = all.vendors.odoo;
  faults.add({ fault: "forbidden", path: "/search_read", skip: 1, times: 2 });
  const find = () =>
    all.connectors.odoo.find(newSubject(), never()).then(
      () => "found",
      (thrown) => thrown.kind,
    );
  expect(await all.connectors.odoo.health(never())).toMatchObject({ credential: { ok: true } });
  expect([await find(), await find(), await find(), await find()]).toEqual([
    "found",
    "forbidden",
    "forbidden",
    "found",
  ]);
  expect(faults.list()).toEqual([]);
});

it("two sandboxes of one vendor are independent", async () => {
  const other = await startSandbox(odooFake);
  try {
    await ensureOnce(all.connectors.odoo, newSubject(), never());
    expect(other.resources()).toHaveLength(1);
    expect(other.calls()).toEqual([]);
  } finally {
    await other.stop();
  }
});

it("Odoo's older endpoint responds 200 to an error", async () => {
  const response = await fetch(`${all.vendors.odoo.url}/jsonrpc`, json("POST", { jsonrpc: "2.0" }));
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ error: { data: { name: "odoo.exceptions.AccessDenied" } } });
});
