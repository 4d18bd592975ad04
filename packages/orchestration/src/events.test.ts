import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { type Plant, startPlant } from "./plant.fixture.ts";
import { type Provisioner, startProvisioner } from "./provisioner.ts";
import { connectorsFor } from "./sandboxes.fixture.ts";

let plant: Plant;
let database: Plant["database"];
let sandbox: Plant["sandbox"];
let provisioner: Provisioner | undefined;

beforeAll(async () => {
  plant = await startPlant(inject("embedded"));
  ({ database, sandbox } = plant);
});
afterAll(async () => {
  await provisioner?.stop();
  await plant.stop();
});

const runsOf = (tenantId: string) =>
  database.superuser`select id, event_id, state from public.provision_runs where tenant_id = ${tenantId} order by created_at`;
const chatwootCallsOf = () => sandbox.calls.filter(({ vendor }) => vendor === "chatwoot").length;

// First, because the events of a dead worker have to exist before the worker of the other tests starts.
test("an event claimed by a worker that died is claimed again after its lease and opens one run", async () => {
  const { store } = database;
  const [lost, opened] = await Promise.all([
    database.newTenant({ crm: true }),
    database.newTenant({ crm: true }),
  ]);
  // One worker dies before it opens a run, one after that and before it settles the event.
  const claimed = await store.claimEvents(20);
  expect(claimed.map(({ tenantId }) => tenantId).toSorted()).toEqual([lost, opened].toSorted());
  expect(await store.claimEvents(20)).toEqual([]);
  const event = claimed.find(({ tenantId }) => tenantId === opened);
  const steps = [{ vendor: "chatwoot" as const, action: "provision" as const }];
  const run = await store.open({ tenantId: opened, steps, requestedBy: "system", eventId: event?.id ?? 0 });

  provisioner = await startProvisioner({
    store,
    connectors: connectorsFor(sandbox.settings),
    tasks: database.tasks,
    logger: { info: () => undefined, error: () => undefined },
    pollEveryMs: 100,
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await runsOf(lost)).toEqual([]);
  await endLeases();
  for (const tenant of [lost, opened]) {
    await vi.waitFor(
      async () => expect(await runsOf(tenant)).toMatchObject([{ state: "succeeded" }]),
      10_000,
    );
    expect(sandbox.of(tenant)).toEqual(["chatwoot inbox"]);
    expect(await database.eventsOf(tenant)).toMatchObject([{ attempts: 0, last_error: null }]);
  }
  expect((await runsOf(opened))[0]?.id).toBe(run?.id);
});

const endLeases = () => database.superuser`
  update public.tenant_events set claimed_until = now() - interval '1 s' where processed_at is null`;

test("events provision services turned on and disable services turned off, once each", async () => {
  const tenant = await database.newTenant({ crm: true, erp: true });
  await vi.waitFor(() => expect(sandbox.of(tenant)).toEqual(["chatwoot inbox", "odoo company"]), 10_000);
  await database.switchService(tenant, "erp", false);
  await vi.waitFor(() => expect(sandbox.of(tenant)).toEqual(["chatwoot inbox", "odoo company off"]), 10_000);
  await database.switchService(tenant, "crm", false);
  await vi.waitFor(async () => {
    const runs = await runsOf(tenant);
    expect(runs.map(({ state }) => state)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(new Set(runs.map(({ event_id }) => event_id)).size).toBe(3);
  }, 10_000);
  const events = await database.eventsOf(tenant);
  expect(events.map(({ type, processed_at, attempts }) => [type, processed_at !== null, attempts])).toEqual([
    ["tenant.created", true, 0],
    ["tenant.services_changed", true, 0],
    ["tenant.services_changed", true, 0],
  ]);
  // Chatwoot cannot be disabled, and the ids of disabled services stay.
  expect(sandbox.of(tenant)).toEqual(["chatwoot inbox", "odoo company off"]);
  expect((await database.store.tenant(tenant))?.externalIds.odoo).not.toBeNull();
});

test("an event that is claimed again has no second effect", async () => {
  const tenant = await database.newTenant({ crm: true });
  await vi.waitFor(async () => expect(await runsOf(tenant)).toMatchObject([{ state: "succeeded" }]), 10_000);
  const calls = chatwootCallsOf();
  await database.superuser`
    update public.tenant_events set processed_at = null, claimed_until = null where tenant_id = ${tenant}`;
  await vi.waitFor(
    async () =>
      expect(await database.eventsOf(tenant)).toMatchObject([
        { attempts: 0, processed_at: expect.any(Date) },
      ]),
    10_000,
  );
  expect(await runsOf(tenant)).toHaveLength(1);
  expect(chatwootCallsOf()).toBe(calls);
});

test("of a hundred concurrent events none is lost and none opens two runs", async () => {
  const tenants = await Promise.all(Array.from({ length: 100 }, () => database.newTenant({ erp: true })));
  await vi.waitFor(
    async () => {
      const runs = await database.superuser`
        select state, count(*)::int from public.provision_runs where tenant_id in ${database.superuser(tenants)} group by state`;
      expect(runs).toEqual([{ state: "succeeded", count: 100 }]);
    },
    { timeout: 40_000, interval: 200 },
  );
  for (const tenant of tenants) expect(sandbox.of(tenant)).toEqual(["odoo company"]);
}, 60_000);

test("a failing event stores its error, blocks no other and is not claimed after five attempts", async () => {
  // The database refuses every run of this tenant.
  await database.superuser.unsafe(`
    create function public.refuse_poison() returns trigger language plpgsql as $$
    begin
      if exists (select from public.tenants t where t.id = new.tenant_id and t.business_name like '% poison') then
        raise exception 'no run for poison';
      end if;
      return new;
    end $$;
    create trigger refuse_poison before insert on public.provision_runs
      for each row execute function public.refuse_poison();`);
  const poisoned = await database.newTenant({ crm: true }, "poison");
  for (let attempts = 1; attempts <= 5; attempts++) {
    await vi.waitFor(
      async () =>
        expect(await database.eventsOf(poisoned)).toMatchObject([
          { attempts, processed_at: null, last_error: expect.stringContaining("poison") },
        ]),
      10_000,
    );
    const other = await database.newTenant({ crm: true });
    await vi.waitFor(() => expect(sandbox.of(other)).toEqual(["chatwoot inbox"]), 10_000);
    await endLeases();
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await database.eventsOf(poisoned)).toMatchObject([{ attempts: 5, processed_at: null }]);
  expect(await runsOf(poisoned)).toEqual([]);
});
