import { randomUUID } from "node:crypto";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { call, type HttpResponse, newTenant, outcome } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

const web = inject("web");
const { sql } = database();

/** Every tool that takes a tenant's id, with what else it wants. */
const toolsById: [string, (id: string) => object][] = [
  ["tenants.get", (id) => ({ id })],
  ["tenants.updateServices", (id) => ({ id, services: { crm: true } })],
  ["tenants.delete", (id) => ({ id })],
  ["tenants.delete", (id) => ({ id, deprovision: true })],
  ["tenants.restore", (id) => ({ id })],
];

describe.each(["local", "clerk"] as const)("with %s identity", (kind) => {
  const server = web[kind];
  const owner = newUser();
  let ownerToken: string;
  let active: string;
  let deleted: string;

  beforeAll(async () => {
    ownerToken = await tokenOf(server, owner);
    active = (await newTenant(server, ownerToken)).id;
    deleted = (await newTenant(server, ownerToken)).id;
    await call(server, ownerToken, "tenants.delete", { id: deleted });
  });

  test.each(toolsById)("%s tells nobody whether a foreign tenant is there", async (name, args) => {
    const token = await tokenOf(server);
    const nowhere = randomUUID();
    const reference = comparable(await call(server, token, name, args(nowhere)), nowhere);
    expect(reference).toMatchObject({ status: 404, text: expect.stringContaining('"not_found"') });
    for (const id of [active, deleted])
      expect(comparable(await call(server, token, name, args(id)), id)).toEqual(reference);
  });

  test.each(["viewer", "auditor"])("the role %s does not see it either", async (role) => {
    const token = await tokenOf(server, newUser(), role);
    expect(outcome(await call(server, token, "tenants.get", { id: active }))).toEqual([404, "not_found"]);
    expect(outcome(await call(server, token, "tenants.delete", { id: active }))).toEqual([403, "forbidden"]);
  });

  test("nothing of the owner's shows in a list, by whatever search or cursor", async () => {
    const token = await tokenOf(server);
    const tenant = (await call(server, ownerToken, "tenants.get", { id: active })).body.result.tenant;
    const future = Buffer.from(JSON.stringify(["2099-01-01T00:00:00Z", randomUUID()])).toString("base64url");
    for (const args of [
      { search: tenant.rut },
      { search: "Los Andes" },
      { cursor: future },
      { includeInactive: true },
    ])
      expect((await call(server, token, "tenants.list", args)).body.result).toEqual({ tenants: [] });
  });

  test("the owner's own RUT is free for anybody else, and the answer does not tell that it is taken", async () => {
    const rut = newRut();
    await newTenant(server, ownerToken, rut);
    const answer = await call(server, await tokenOf(server), "tenants.create", {
      rut,
      businessName: "La misma",
    });
    expect(outcome(answer)).toEqual([200, "ok"]);
  });

  test("afterwards the owner's tenants are as they were", async () => {
    const { tenant } = (await call(server, ownerToken, "tenants.get", { id: active })).body.result;
    expect(tenant).toMatchObject({ active: true, services_enabled: { crm: false } });
    expect((await call(server, ownerToken, "tenants.get", { id: deleted })).body.result.tenant.active).toBe(
      false,
    );
    expect(
      await sql`select 1 from public.tenant_events where tenant_id in ${sql([active, deleted])} and type like '%deprovision%'`,
    ).toEqual([]);
  });

  test("an administrator sees and changes it, and the owner stays its owner", async () => {
    const token = await tokenOf(server, newUser(), "admin");
    const changed = await call(server, token, "tenants.updateServices", {
      id: active,
      services: { kpi: true },
    });
    expect(changed.body.result.tenant).toMatchObject({
      clerk_user_id: owner,
      services_enabled: { kpi: true },
    });
  });
});

/** Everything that the caller can see of an answer but for the id that it sent, times and the request id. */
function comparable({ status, headers, text }: HttpResponse, id: string) {
  const volatile = ["date", "x-request-id", "ratelimit-remaining", "ratelimit-reset"];
  return {
    status,
    headers: [...headers].filter(([name]) => !volatile.includes(name)),
    text: text
      .replaceAll(id, "<id>")
      .replace(/"durationMs":\d+/, '"durationMs":0')
      .replace(/"requestId":"[^"]+"/, '"requestId":""'),
  };
}
