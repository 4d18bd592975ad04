import { expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { newTenant, outcome, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

// `POST /api/services/checks`, on the built app and the embedded database.

const { local } = inject("web");
const { sql } = database();

const tick = (token: string, form: Record<string, string>) =>
  send(local, "/api/services/checks", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: new URLSearchParams(form),
  });

test("an item is ticked once and unticked, as calls that are recorded about their tenant", async () => {
  const user = newUser();
  const token = await tokenOf(local, user);
  const { id: tenant } = await newTenant(local, token);
  const form = { tenant, service: "odoo", item: "tax_data" };
  const ticked = () => sql`
    select vendor, item, done_by, done_at from public.service_checks where tenant_id = ${tenant}`;
  const answer = await tick(token, { ...form, done: "true" });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `/dashboard/tenants/${tenant}#odoo`]);
  const [first] = await ticked();
  expect(first).toMatchObject({ vendor: "odoo", item: "tax_data", done_by: user });
  const support = await tokenOf(local, newUser(), "support");
  expect((await tick(support, { ...form, done: "true" })).status).toBe(303);
  expect(await ticked()).toEqual([first]);
  expect((await tick(token, { ...form, done: "false" })).status).toBe(303);
  expect(await ticked()).toEqual([]);
  const records = () => sql`
    select tool, code, user_id = ${user} as own from public.mcp_invocations
    where tenant_id = ${tenant} and tool = 'services.check' order by created_at, id`;
  await expect.poll(records).toEqual([
    { tool: "services.check", code: "ok", own: true },
    { tool: "services.check", code: "ok", own: false },
    { tool: "services.check", code: "ok", own: true },
  ]);
});

test("is refused by name of the field, for another's tenant, for a viewer and without a session", async () => {
  const token = await tokenOf(local, newUser());
  const { id: tenant } = await newTenant(local, token);
  const form = { tenant, service: "odoo", item: "tax_data", done: "true" };
  const viewer = await tokenOf(local, newUser(), "viewer");
  const another = await tokenOf(local, newUser());
  expect(outcome(await tick(token, { ...form, item: "none" }))).toEqual([400, "invalid_input"]);
  expect(outcome(await tick(token, { ...form, service: "sap" }))).toEqual([400, "invalid_input"]);
  expect(outcome(await tick(token, { ...form, tenant: "1" }))).toEqual([400, "invalid_input"]);
  // An item of another vendor.
  expect(outcome(await tick(token, { ...form, service: "n8n" }))).toEqual([404, "not_found"]);
  expect(outcome(await tick(another, form))).toEqual([404, "not_found"]);
  expect(outcome(await tick(viewer, form))).toEqual([403, "forbidden"]);
  expect((await tick("none", form)).status).toBe(401);
  await sql`update public.tenants set active = false, deleted_at = now() where id = ${tenant}`;
  expect(outcome(await tick(token, form))).toEqual([404, "not_found"]);
  expect(await sql`select from public.service_checks where tenant_id = ${tenant}`).toEqual([]);
});
