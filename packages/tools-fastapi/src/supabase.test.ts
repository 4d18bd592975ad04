import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import { asUser } from "@smarteros/supabase";
import { importJWK, SignJWT } from "jose";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { ProvisioningLog, Run, RunFilters } from "./provisioning-log.ts";
import { supabaseProvisioningLog } from "./supabase.ts";

const embedded = inject("embedded");
const superuser = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
const { signal } = new AbortController();

const owner = "user_owner";
const never = "0198c0de-0000-7000-8000-000000000001";
let log: ProvisioningLog;
let foreign: ProvisioningLog;
let admin: ProvisioningLog;
/** Ids of the owner's two tenants, the second created later. */
let first: string;
let second: string;

beforeAll(async () => {
  [log, foreign, admin] = await Promise.all([
    logOf(owner),
    logOf("user_other"),
    logOf("user_admin", "admin"),
  ]);
  first = await addTenant(owner, { rut: "11111111-1", wanted: "erp", companyId: 7 });
  second = await addTenant(owner, { rut: "22222222-2" });
});
afterAll(() => superuser.end());

async function logOf(userId: string, role?: string): Promise<ProvisioningLog> {
  const token = await new SignJWT({ role: "authenticated", ...(role ? { metadata: { role } } : {}) })
    .setProtectedHeader({ alg: "RS256", kid: embedded.signingKey.kid ?? "" })
    .setIssuer(embedded.issuer)
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(await importJWK(embedded.signingKey, "RS256"));
  const project = { url: embedded.supabaseUrl, publishableKey: embedded.publishableKey };
  return supabaseProvisioningLog(asUser(project, token));
}

async function addTenant(
  userId: string,
  { rut, wanted, companyId = null }: { rut: string; wanted?: string; companyId?: number | null },
) {
  const off = { crm: false, bot: false, erp: false, workflows: false, kpi: false };
  const flags = superuser.json(wanted ? { ...off, [wanted]: true } : off);
  const [tenant] = await superuser<[{ id: string }]>`
    insert into public.tenants (rut, business_name, clerk_user_id, services_enabled, odoo_company_id)
    values (${rut}, 'Los Andes SpA', ${userId}, ${flags}, ${companyId}) returning id`;
  return tenant.id;
}

type NewRun = {
  tenantId: string;
  state?: Run["state"];
  requestedBy?: string;
  eventId?: number;
  at?: string;
  steps?: Vendor[];
  /** Kind of failure of its steps, which last changed at this ISO date-time. */
  error?: string;
  changedAt?: string;
};

async function addRun({
  tenantId,
  state = "succeeded",
  requestedBy = owner,
  eventId,
  at,
  steps,
  error,
  changedAt = at,
}: NewRun) {
  const finishedAt = state === "queued" || state === "running" ? null : new Date();
  const [run] = await superuser<[{ id: string }]>`
    insert into public.provision_runs (tenant_id, state, requested_by, event_id, created_at, finished_at)
    values (${tenantId}, ${state}, ${requestedBy}, ${eventId ?? null}, ${at ?? new Date().toISOString()}, ${finishedAt})
    returning id`;
  for (const vendor of steps ?? [])
    await superuser`insert into public.provision_steps
      (run_id, tenant_id, vendor, action, state, error_kind, updated_at, finished_at)
      values (${run.id}, ${tenantId}, ${vendor}, 'provision', ${error ? "failed" : "succeeded"}, ${error ?? null},
        ${changedAt ?? new Date().toISOString()}, now())`;
  return run.id;
}

describe("the runs of the log", () => {
  const ids: Record<"person" | "event" | "failed" | "repair" | "open", string> = {} as never;

  beforeAll(async () => {
    const [event] = await superuser<[{ id: string }]>`
      select id from public.tenant_events where tenant_id = ${first} limit 1`;
    ids.person = await addRun({
      tenantId: first,
      steps: ["metabase", "chatwoot"],
      at: "2026-01-01T00:00:00Z",
    });
    ids.failed = await addRun({
      tenantId: second,
      state: "partial",
      steps: ["odoo"],
      at: "2026-01-02T00:00:00Z",
      error: "auth",
      changedAt: "2026-01-05T00:00:00Z",
    });
    ids.event = await addRun({
      tenantId: first,
      requestedBy: "system",
      eventId: Number(event.id),
      steps: ["odoo"],
      at: "2026-01-03T00:00:00Z",
    });
    ids.repair = await addRun({
      tenantId: first,
      requestedBy: "system",
      steps: ["n8n"],
      at: "2026-01-03T12:00:00Z",
    });
    ids.open = await addRun({ tenantId: second, state: "queued", at: "2026-01-04T00:00:00Z" });
  });

  test.each<[string, () => RunFilters, (keyof typeof ids)[]]>([
    ["without a filter", () => ({}), ["open", "repair", "event", "failed", "person"]],
    ["of one tenant", () => ({ tenantId: first }), ["repair", "event", "person"]],
    ["of several tenants", () => ({ tenantIds: [second, never] }), ["open", "failed"]],
    ["with a step of a vendor", () => ({ vendor: "odoo" }), ["event", "failed"]],
    ["with a step that failed so", () => ({ error: "auth" }), ["failed"]],
    [
      "with a step that changed since",
      () => ({ since: "2026-01-03T00:00:00Z" }),
      ["repair", "event", "failed"],
    ],
    ["with one step that matches all of these", () => ({ vendor: "n8n", error: "auth" }), []],
    ["that have not ended", () => ({ state: "open" }), ["open"]],
    ["that ended with a failure", () => ({ state: "trouble" }), ["failed"]],
    ["in a state", () => ({ state: "succeeded" }), ["repair", "event", "person"]],
    ["of a user", () => ({ requestedBy: owner }), ["open", "failed", "person"]],
    ["that an event requested", () => ({ origin: "event" }), ["event"]],
    ["that a person requested", () => ({ origin: "person" }), ["open", "failed", "person"]],
    ["that repair a difference", () => ({ origin: "repair" }), ["repair"]],
    [
      "that match several filters",
      () => ({ tenantId: first, origin: "person", vendor: "chatwoot" }),
      ["person"],
    ],
  ])("%s are listed newest first", async (_, filters, expected) => {
    const runs = await log.runs(filters(), { limit: 10 }, signal);
    expect(runs.map(({ id }) => id)).toEqual(expected.map((name) => ids[name]));
  });

  test("have all their steps in the order of the vendors when one vendor is asked for, and their tenant", async () => {
    const [run] = await log.runs({ vendor: "chatwoot" }, { limit: 10 }, signal);
    expect(run?.provision_steps.map(({ vendor }) => vendor)).toEqual(["chatwoot", "metabase"]);
    expect(run?.tenants).toEqual({ business_name: "Los Andes SpA", rut: "11111111-1", active: true });
  });

  test("are listed for administrators, and not for other operators", async () => {
    expect(await foreign.runs({}, { limit: 10 }, signal)).toEqual([]);
    const seen = await admin.runs({}, { limit: 100 }, signal);
    expect(seen.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values(ids)));
  });

  test("are paged without gap or repeat, also past runs of the same time", async () => {
    const user = "user_pages";
    const own = await logOf(user);
    const tenantId = await addTenant(user, { rut: "33333333-3" });
    for (let count = 0; count < 5; count++) await addRun({ tenantId, at: "2026-02-01T00:00:00Z" });
    const all = await own.runs({}, { limit: 10 }, signal);
    const pages: Run[] = [];
    for (let page = await own.runs({}, { limit: 2 }, signal); page.length > 0; ) {
      pages.push(...page);
      const last = page.at(-1)!;
      const after = { createdAt: last.created_at, id: last.id };
      page = await own.runs({}, { limit: 2, after }, signal);
    }
    expect(pages).toEqual(all);
    expect(new Set(pages.map(({ id }) => id)).size).toBe(5);
  });
});

describe("a snapshot", () => {
  test("of a tenant has its five services and its newest five runs", async () => {
    const user = "user_snapshot";
    const own = await logOf(user);
    const tenantId = await addTenant(user, { rut: "44444444-4", wanted: "erp", companyId: 9 });
    const runs: string[] = [];
    for (let day = 1; day <= 6; day++) runs.push(await addRun({ tenantId, at: `2026-03-0${day}T00:00:00Z` }));
    const snapshot = await own.snapshot({ kind: "tenant", id: tenantId }, signal);
    expect(snapshot.services.map(({ vendor }) => vendor)).toEqual(vendors);
    expect(snapshot.services.find(({ vendor }) => vendor === "odoo")).toMatchObject({
      wanted: true,
      external_id: "9",
      state: "active",
      held: false,
    });
    expect(snapshot.runs.map(({ id }) => id)).toEqual(runs.toReversed().slice(0, 5));
    const [run = ""] = runs;
    expect(await own.snapshot({ kind: "run", id: run }, signal)).toMatchObject({
      services: [],
      runs: [{ id: run }],
    });
  });

  test.each(["tenant", "run"] as const)(
    "of a %s of another user is not found, in the same words as one that does not exist",
    async (kind) => {
      const id = kind === "tenant" ? first : await addRun({ tenantId: first });
      const expected = {
        code: "not_found",
        message: `There is no such ${kind} among those that you may see.`,
      };
      await expect(foreign.snapshot({ kind, id }, signal)).rejects.toMatchObject(expected);
      await expect(log.snapshot({ kind, id: never }, signal)).rejects.toMatchObject(expected);
    },
  );
});

describe("held services", () => {
  const user = "user_held";
  let own: ProvisioningLog;
  let tenants: string[];

  beforeAll(async () => {
    own = await logOf(user);
    tenants = [
      await addTenant(user, { rut: "55555555-5", wanted: "erp", companyId: 11 }),
      await addTenant(user, { rut: "66666666-6", wanted: "crm" }),
    ];
    await superuser`insert into public.provision_holds (tenant_id, vendor)
      select tenant, vendor from unnest(${tenants}::uuid[]) tenant, unnest(${[...vendors]}::text[]) vendor`;
    await superuser`update public.provision_holds set released_at = now()
      where tenant_id = any(${tenants}) and vendor = 'metabase'`;
  });

  test("are paged with wanted ones first, without gap or repeat", async () => {
    const all = await own.heldServices({ limit: 100 }, signal);
    expect(all).toHaveLength(8);
    expect(all.map(({ wanted }) => wanted)).toEqual([true, true, ...Array(6).fill(false)]);
    const pages: typeof all = [];
    for (let page = await own.heldServices({ limit: 3 }, signal); page.length > 0; ) {
      pages.push(...page);
      page = await own.heldServices({ limit: 3, after: page.at(-1) }, signal);
    }
    expect(pages).toEqual(all);
  });

  test("are those with an external id where recorded ones are asked for", async () => {
    const recorded = await own.heldServices({ limit: 100, recorded: true }, signal);
    expect(recorded).toEqual([{ tenant_id: tenants[0], vendor: "odoo", wanted: true, external_id: "11" }]);
  });

  test("and released ones are counted together, apart and by vendor", async () => {
    expect(await own.countHolds({}, signal)).toBe(10);
    expect(await own.countHolds({ open: true }, signal)).toBe(8);
    expect(await own.countHolds({ open: false }, signal)).toBe(2);
    expect(await own.countHolds({ vendor: "chatwoot" }, signal)).toBe(2);
    expect(await own.countHolds({ vendor: "metabase", open: true }, signal)).toBe(0);
  });

  test("of another user are neither listed nor counted", async () => {
    expect(await foreign.heldServices({ limit: 100 }, signal)).toEqual([]);
    expect(await foreign.countHolds({}, signal)).toBe(0);
  });
});

describe("events that failed too often", () => {
  let failed: number;

  beforeAll(async () => {
    await superuser`update public.tenant_events set processed_at = now() where tenant_id in (${first}, ${second})`;
    const add = async (attempts: number, processedAt: Date | null) => {
      const [event] = await superuser<[{ id: string }]>`
        insert into public.tenant_events (type, tenant_id, attempts, last_error, processed_at)
        values ('tenant.services_changed', ${first}, ${attempts}, 'The database does not answer.', ${processedAt})
        returning id`;
      return Number(event.id);
    };
    await add(4, null);
    failed = await add(5, null);
    await add(5, new Date());
  });

  test("are those of the tenant with all attempts used up and not processed", async () => {
    expect(await log.failedEvents(first, signal)).toEqual([
      {
        id: failed,
        type: "tenant.services_changed",
        created_at: expect.any(String),
        last_error: "The database does not answer.",
      },
    ]);
    expect(await log.failedEvents(second, signal)).toEqual([]);
  });

  test("of another user's tenant are not there", async () => {
    expect(await foreign.failedEvents(first, signal)).toEqual([]);
    expect(await admin.failedEvents(first, signal)).toHaveLength(1);
  });
});

describe("open circuit breakers", () => {
  const openUntil = "2026-11-30T12:03:00+00:00";
  const setBreaker = (name: string, until: string | null) => superuser`
    insert into public.task_queues (name, open_until) values (${name}, ${until})
    on conflict (name) do update set open_until = excluded.open_until`;

  beforeAll(async () => {
    await setBreaker("odoo", openUntil);
    await setBreaker("chatwoot", null);
    await setBreaker("deliveries", openUntil);
  });
  afterAll(() => superuser`update public.task_queues set open_until = null`);

  test("are those of vendors, and the same for every user", async () => {
    for (const reader of [log, foreign])
      expect(await reader.openBreakers(signal)).toEqual([{ vendor: "odoo", open_until: openUntil }]);
  });
});
