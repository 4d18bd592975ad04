import { expect, test } from "vitest";
import { asService, asUser, newOwner, owner, superuser } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

const allOff = { crm: false, bot: false, erp: false, workflows: false, kpi: false };

async function newTenant(sub: string): Promise<string> {
  const [tenant] = await asUser(
    sub,
    (sql) => sql<{ id: string }[]>`
    select id from public.create_tenant(${anyRut()}, 'Demo Ltda')`,
  );
  return tenant?.id ?? "";
}

const events = (id: string) =>
  superuser`select type, payload from public.tenant_events where tenant_id = ${id} order by tenant_events.id`;
const merge = (sub: string, id: string, services: Record<string, boolean>, role?: string) =>
  asUser(sub, (sql) => sql`select from public.merge_services(${id}, ${sql.json(services)})`, role);
const setActive = (sub: string, id: string, active: boolean, role?: string) =>
  asUser(sub, (sql) => sql`select from public.set_tenant_active(${id}, ${active})`, role);

test("each change is one event with its actor, and no change is no event", async () => {
  const sub = newOwner();
  const admin = newOwner("admin");
  const id = await newTenant(sub);
  await merge(sub, id, {});
  await merge(sub, id, { crm: false });
  await merge(sub, id, { crm: true, bot: true });
  await merge(sub, id, { crm: true });
  await setActive(sub, id, true);
  await setActive(admin, id, false, "admin");
  await setActive(sub, id, false);
  await setActive(sub, id, true);
  await merge(admin, id, { bot: false }, "admin");
  const crmAndBot = { ...allOff, crm: true, bot: true };
  expect([...(await events(id))]).toEqual([
    { type: "tenant.created", payload: { actor: sub, services: allOff } },
    { type: "tenant.services_changed", payload: { actor: sub, before: allOff, after: crmAndBot } },
    { type: "tenant.deleted", payload: { actor: admin } },
    { type: "tenant.restored", payload: { actor: sub } },
    {
      type: "tenant.services_changed",
      payload: { actor: admin, before: crmAndBot, after: { ...allOff, crm: true } },
    },
  ]);
});

test("an external id is no event", async () => {
  const id = await newTenant(newOwner());
  await asService((sql) => sql`update public.tenants set chatwoot_inbox_id = 7 where id = ${id}`);
  expect(await events(id)).toHaveLength(1);
});

test("a change in the SQL editor has an event without an actor", async () => {
  const id = await newTenant(newOwner());
  await owner`update public.tenants set active = false, deleted_at = now() where id = ${id}`;
  expect((await events(id)).at(-1)).toEqual({ type: "tenant.deleted", payload: { actor: null } });
});

test("a rolled back transaction has no event", async () => {
  const sub = newOwner();
  const id = await newTenant(sub);
  const rolledBack = asUser(sub, async (sql) => {
    await sql`select from public.merge_services(${id}, '{"crm": true}')`;
    expect(await sql`select from public.tenant_events where tenant_id = ${id}`).toHaveLength(2);
    throw new Error("on purpose");
  });
  await expect(rolledBack).rejects.toThrow("on purpose");
  expect(await events(id)).toHaveLength(1);
});

test("of ten concurrent deletions one is an event", async () => {
  const sub = newOwner();
  const id = await newTenant(sub);
  await Promise.all(Array.from({ length: 10 }, () => setActive(sub, id, false)));
  expect(await events(id)).toHaveLength(2);
});

test("a worker claims unprocessed events and may only record their outcome", async () => {
  const id = await newTenant(newOwner());
  const taken = await asService(
    (sql) => sql`
    update public.tenant_events set attempts = attempts + 1, processed_at = now(), last_error = null
    where tenant_id = ${id} and processed_at is null returning attempts`,
  );
  expect(taken).toMatchObject([{ attempts: 1 }]);
});
