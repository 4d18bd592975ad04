import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { expect, inject, test } from "vitest";
import { call, newTenant, outcome } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

const { local } = inject("web");
const allowed = [200, "ok"];
const refused = [403, "forbidden"];

test.each([
  ["viewer", { "tenants.list": allowed, "tenants.get": allowed }],
  ["auditor", { "tenants.list": allowed, "tenants.get": allowed }],
  [undefined, "everything"],
  ["operator", "everything"],
  ["admin", "everything"],
] as const)("what the role %s may call", async (role, permitted) => {
  const sub = newUser();
  const { id } = await newTenant(local, await tokenOf(local, sub));
  const token = await tokenOf(local, sub, role);
  const calls: [string, object][] = [
    ["tenants.list", {}],
    ["tenants.get", { id }],
    ["tenants.create", { rut: newRut(), businessName: "Otra" }],
    ["tenants.updateServices", { id, services: { bot: true } }],
    ["tenants.delete", { id }],
    ["tenants.restore", { id }],
  ];
  for (const [name, args] of calls) {
    const answer = await call(local, token, name, args);
    const expected = permitted === "everything" || name in permitted ? allowed : refused;
    expect([name, ...outcome(answer)]).toEqual([name, ...expected]);
    if (expected === refused) expect(answer.body).toMatchObject({ required: "write" });
  }
});

test("a viewer who misspells a write tool is not told its name", async () => {
  const viewer = await call(local, await tokenOf(local, newUser(), "viewer"), "tenants.creat");
  expect(viewer.body).toMatchObject({ error: "tool_not_found", didYouMean: "tenants.get" });
  expect(viewer.text).not.toContain('tenants.create"');
  const operator = await call(local, await tokenOf(local), "tenants.creat");
  expect(operator.body).toMatchObject({ didYouMean: "tenants.create" });
});
