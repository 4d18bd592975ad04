import { createPrincipal, type Principal, type Role, uuidv7 } from "@smarteros/core";
import { asTestUser } from "@smarteros/supabase/testing";
import postgres from "postgres";
import { afterAll, describe, expect, inject, test } from "vitest";
import { describeTenantStore } from "./store.contract.ts";
import { supabaseTenants } from "./supabase.ts";
import { randomRut } from "./testing.ts";

const embedded = inject("embedded");

const clientOf = ({ userId, role }: Principal) =>
  asTestUser(embedded, userId, role === "operator" ? undefined : role);

describeTenantStore("Supabase", async (principal) => supabaseTenants(await clientOf(principal)));

test("deprovisioning is an event where it was requested, and only where the tenant may be deleted", async () => {
  const [owner, otherUser] = [`user_${uuidv7()}`, `user_${uuidv7()}`].map((id) =>
    createPrincipal(id, "operator"),
  ) as [Principal, Principal];
  const call = {
    principal: owner,
    requestId: "r",
    invocationId: uuidv7(),
    signal: AbortSignal.timeout(20_000),
  };
  const [client, other] = await Promise.all([clientOf(owner), clientOf(otherUser)]);
  const { id } = await supabaseTenants(client).create({ rut: randomRut(), businessName: "Sur SpA" }, call);
  const events = async () => {
    const { data } = await client
      .from("tenant_events")
      .select("type")
      .eq("tenant_id", id)
      .order("id")
      .throwOnError();
    return data.map(({ type }) => type);
  };

  await supabaseTenants(client).delete(id, { deprovision: false }, call);
  await supabaseTenants(other).delete(id, { deprovision: true }, { ...call, principal: otherUser });
  expect(await events()).toEqual(["tenant.created", "tenant.deleted"]);
  await supabaseTenants(client).delete(id, { deprovision: true }, call);
  expect(await events()).toEqual(["tenant.created", "tenant.deleted", "tenant.deprovision_requested"]);
});

describe("rows in review", () => {
  const superuser = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
  afterAll(() => superuser.end());
  const person = async (role: Role = "operator") => {
    const principal = createPrincipal(`user_${uuidv7()}`, role);
    const call = { principal, requestId: "r", invocationId: uuidv7(), signal: AbortSignal.timeout(20_000) };
    return { store: supabaseTenants(await clientOf(principal)), call, owner: principal.userId };
  };
  const all = { limit: 100, after: undefined };

  async function add(owner: string | null, constraints: string[], changes: Record<string, unknown> = {}) {
    const id = uuidv7();
    const proposal = {
      rut: "abc",
      business_name: "Panadería",
      services_enabled: { crm: true, bot: false, erp: false, workflows: false, kpi: false },
      active: true,
      created_at: "2025-01-01T00:00:00Z",
      updated_at: "2025-01-01T00:00:00Z",
      ...changes,
    };
    await superuser`insert into public.tenants_in_review (id, clerk_user_id, row, proposal, reasons, created_at)
      values (${id}, ${owner}, ${superuser.json({ id, rut: "abc" })}, ${superuser.json(proposal as never)}, ${constraints}, now())`;
    return id;
  }

  test("are listed for their owner and for those who see all, with their problems in words", async () => {
    const [one, other, support] = await Promise.all([person(), person(), person("support")]);
    const id = await add(one.owner, ["tenants_rut_valid", "tenants_business_name_length"]);
    const ownerless = await add(null, ["tenants_owner_not_empty"]);
    expect(await one.store.listInReview(all, one.call)).toEqual([
      expect.objectContaining({
        id,
        rut: "abc",
        problems: [
          { path: "rut", message: expect.stringContaining("Ask for the RUT again") },
          { path: "businessName", message: expect.stringContaining("2 to 120") },
        ],
      }),
    ]);
    expect(await other.store.listInReview(all, other.call)).toEqual([]);
    const seen = await support.store.listInReview(all, support.call);
    expect(seen.map((row) => row.id)).toEqual(expect.arrayContaining([id, ownerless]));
  });

  test("are counted for their owner, and for those who see all", async () => {
    const [one, other, support] = await Promise.all([person(), person(), person("support")]);
    await add(one.owner, ["tenants_rut_valid"]);
    await add(one.owner, ["tenants_business_name_length"]);
    await add(other.owner, ["tenants_rut_valid"]);
    expect(await one.store.countInReview(one.call)).toBe(2);
    expect(await other.store.countInReview(other.call)).toBe(1);
    expect(await support.store.countInReview(support.call)).toBeGreaterThanOrEqual(3);
  });

  test("become tenants with what is given in place of their own, and are held", async () => {
    const [one, other] = await Promise.all([person(), person()]);
    const id = await add(one.owner, ["tenants_rut_valid", "tenants_n8n_project_id_shape"], {
      n8n_project_id: "a b",
    });
    expect(await other.store.resolve(id, { rut: randomRut() }, other.call)).toBeUndefined();
    await expect(one.store.resolve(id, {}, one.call)).rejects.toMatchObject({
      code: "invalid_input",
      details: { issues: [{ path: "rut" }] },
    });
    const rut = randomRut();
    expect(await one.store.resolve(id, { rut, services: { crm: false, erp: true } }, one.call)).toMatchObject(
      {
        id,
        rut,
        clerk_user_id: one.owner,
        n8n_project_id: null,
        services_enabled: { crm: false, erp: true },
      },
    );
    expect(await one.store.listInReview(all, one.call)).toEqual([]);
    expect(await one.store.resolve(id, { rut }, one.call)).toBeUndefined();
    expect(await superuser`select from public.provision_holds where tenant_id = ${id}`).toHaveLength(5);
  });

  test("stay where a twin is in the way, which is named to its owner", async () => {
    const one = await person();
    const rut = randomRut();
    const twin = await one.store.create({ rut, businessName: "Gemela" }, one.call);
    const id = await add(one.owner, ["tenants_owner_rut_active_key"], { rut });
    await expect(one.store.resolve(id, { rut }, one.call)).rejects.toMatchObject({
      code: "conflict",
      details: { existingId: twin.id },
    });
    expect(await one.store.listInReview(all, one.call)).toHaveLength(1);
  });
});
