import {
  type Call,
  createPrincipal,
  type Principal,
  type Role,
  SmarterosError,
  uuidv7,
} from "@smarteros/core";
import { describe, expect, it } from "vitest";
import type { TenantStore } from "./ports.ts";
import { randomRut } from "./testing.ts";

type Person = { store: TenantStore; call: Call };

/** What every tenant store promises. `as` gives the store as one principal reaches it, all on the same rows. */
export function describeTenantStore(name: string, as: (principal: Principal) => Promise<TenantStore>) {
  async function person(role: Role = "operator"): Promise<Person> {
    const principal = createPrincipal(`user_${uuidv7()}`, role);
    const call = { principal, requestId: "r", invocationId: uuidv7(), signal: AbortSignal.timeout(20_000) };
    return { store: await as(principal), call };
  }
  const softly = { deprovision: false };
  const everything = { limit: 100, includeInactive: true };
  const tenant = (businessName = "Los Andes SpA") => ({ rut: randomRut(), businessName });
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "resolved",
      (error) => (SmarterosError.isInstance(error) ? error.code : error),
    );

  describe(`tenant store: ${name}`, () => {
    it("creates a tenant that its owner finds again, with the flags given and the others off", async () => {
      const { store, call } = await person();
      const created = await store.create({ ...tenant(), services: { erp: true } }, call);
      expect(created).toMatchObject({ clerk_user_id: call.principal.userId, active: true, deleted_at: null });
      expect(created.services_enabled).toEqual({
        crm: false,
        bot: false,
        erp: true,
        workflows: false,
        kpi: false,
      });
      expect(await store.find(created.id, call)).toEqual(created);
    });

    it("refuses a second active tenant with the same RUT and names the first", async () => {
      const { store, call } = await person();
      const given = tenant();
      const first = await store.create(given, call);
      await expect(store.create(given, call)).rejects.toMatchObject({
        code: "conflict",
        details: { existingId: first.id },
      });
    });

    it("allows several owners the same RUT", async () => {
      const [agency, business] = await Promise.all([person(), person()]);
      const given = tenant();
      await agency.store.create(given, agency.call);
      expect(await codeOf(business.store.create(given, business.call))).toBe("resolved");
    });

    it("creates one tenant when twenty ask at once", async () => {
      const { store, call } = await person();
      const given = tenant();
      const endings = await Promise.all(Array.from({ length: 20 }, () => codeOf(store.create(given, call))));
      expect(endings.toSorted()).toEqual([...Array(19).fill("conflict"), "resolved"]);
    });

    it("shows a foreign tenant to administrators only", async () => {
      const [owner, stranger, admin] = await Promise.all([person(), person(), person("admin")]);
      const { id } = await owner.store.create(tenant(), owner.call);
      expect(await stranger.store.find(id, stranger.call)).toBeUndefined();
      expect(await stranger.store.list(everything, stranger.call)).toEqual([]);
      expect(await stranger.store.mergeServices(id, { crm: true }, stranger.call)).toBeUndefined();
      expect(await stranger.store.delete(id, softly, stranger.call)).toBeUndefined();
      expect(await stranger.store.restore(id, stranger.call)).toBeUndefined();
      expect(await admin.store.find(id, admin.call)).toMatchObject({
        id,
        active: true,
        services_enabled: { crm: false },
      });
      expect(await admin.store.mergeServices(id, { crm: true }, admin.call)).toMatchObject({
        services_enabled: { crm: true },
      });
    });

    it("reads owners, names and RUTs of the tenants that the principal sees, without missing ones", async () => {
      const [owner, stranger, admin] = await Promise.all([person(), person(), person("admin")]);
      const given = [tenant("Uno SpA"), tenant("Dos SpA")];
      const made = await Promise.all(given.map((one) => owner.store.create(one, owner.call)));
      const ids = [...made.map(({ id }) => id), uuidv7()];
      const names = new Map(made.map(({ id, rut, business_name: name }) => [id, { name, rut }]));
      const owners = new Map(made.map(({ id }) => [id, owner.call.principal.userId]));
      for (const { store, call } of [owner, admin]) {
        expect(await store.names(ids, call)).toEqual(names);
        expect(await store.owners(ids, call)).toEqual(owners);
      }
      expect(await stranger.store.names(ids, stranger.call)).toEqual(new Map());
      expect(await stranger.store.owners(ids, stranger.call)).toEqual(new Map());
      expect(await owner.store.names([], owner.call)).toEqual(new Map());
    });

    it("merges flags of concurrent calls without losing one", async () => {
      const { store, call } = await person();
      const { id } = await store.create(tenant(), call);
      const flags = ["crm", "bot", "erp", "workflows", "kpi"] as const;
      await Promise.all(flags.map((flag) => store.mergeServices(id, { [flag]: true }, call)));
      const { services_enabled } = (await store.find(id, call)) ?? {};
      expect(services_enabled).toEqual({ crm: true, bot: true, erp: true, workflows: true, kpi: true });
    });

    it("deletes softly, twice with the same result, and switches nothing of a deleted tenant", async () => {
      const { store, call } = await person();
      const { id } = await store.create(tenant(), call);
      const deleted = await store.delete(id, softly, call);
      expect(deleted).toMatchObject({ active: false, deleted_at: expect.any(String) });
      expect((await store.delete(id, softly, call))?.deleted_at).toBe(deleted?.deleted_at);
      expect(await codeOf(store.mergeServices(id, { crm: true }, call))).toBe("conflict");
      expect(await store.list({ limit: 10, includeInactive: false }, call)).toEqual([]);
      expect(await store.list(everything, call)).toHaveLength(1);
    });

    it("accepts deprovisioning with the deletion and after it, which changes nothing else", async () => {
      const [owner, stranger] = await Promise.all([person(), person()]);
      const { id } = await owner.store.create({ ...tenant(), services: { erp: true } }, owner.call);
      expect(await stranger.store.delete(id, { deprovision: true }, stranger.call)).toBeUndefined();
      const deleted = await owner.store.delete(id, { deprovision: true }, owner.call);
      expect(deleted).toMatchObject({ active: false, services_enabled: { erp: true } });
      expect(await owner.store.delete(id, { deprovision: true }, owner.call)).toEqual(deleted);
    });

    it("restores, twice with the same result, but not beside an active twin", async () => {
      const { store, call } = await person();
      const given = tenant();
      const { id } = await store.create(given, call);
      await store.delete(id, softly, call);
      expect(await store.restore(id, call)).toMatchObject({ active: true, deleted_at: null });
      expect(await store.restore(id, call)).toMatchObject({ active: true });
      await store.delete(id, softly, call);
      const twin = await store.create(given, call);
      await expect(store.restore(id, call)).rejects.toMatchObject({
        code: "conflict",
        details: { existingId: twin.id },
      });
    });

    it("reports an owner's twin to an administrator without its id", async () => {
      const [owner, admin] = await Promise.all([person(), person("admin")]);
      const given = tenant();
      const { id } = await owner.store.create(given, owner.call);
      await owner.store.delete(id, softly, owner.call);
      await owner.store.create(given, owner.call);
      await expect(admin.store.restore(id, admin.call)).rejects.toMatchObject({
        code: "conflict",
        details: {},
      });
    });

    it("pages newest first without gap or repeat, also past tenants created at the same time", async () => {
      const { store, call } = await person();
      await Promise.all(
        Array.from({ length: 7 }, (_, index) => store.create(tenant(`Empresa ${index}`), call)),
      );
      const all = await store.list(everything, call);
      const pages: typeof all = [];
      for (let page = await store.list({ ...everything, limit: 3 }, call); page.length > 0; ) {
        pages.push(...page);
        const last = page.at(-1)!;
        page = await store.list(
          { ...everything, limit: 3, after: { createdAt: last.created_at, id: last.id } },
          call,
        );
      }
      expect(pages).toEqual(all);
      expect(new Set(pages.map((row) => row.id)).size).toBe(7);
      expect(pages.map((row) => row.created_at)).toEqual(
        pages
          .map((row) => row.created_at)
          .toSorted()
          .reverse(),
      );
    });

    it("searches names without accents and case, and RUTs without punctuation, taking wildcards as text", async () => {
      const { store, call } = await person();
      const { rut } = await store.create(tenant("Panadería Ñuñoa 100%"), call);
      await store.create(tenant("Ferretería Sur"), call);
      const names = async (search: string) =>
        (await store.list({ ...everything, search }, call)).map((row) => row.business_name);
      expect(await names("panaderia nunoa")).toEqual(["Panadería Ñuñoa 100%"]);
      expect(await names(rut.replace("-", "").replace(/^(\d+)(\d{3})(\d{3})(.)$/, "$1.$2.$3-$4"))).toEqual([
        "Panadería Ñuñoa 100%",
      ]);
      expect(await names("0%")).toEqual(["Panadería Ñuñoa 100%"]);
      expect(await names("_erreter")).toEqual([]);
      expect(await names("*")).toEqual([]);
    });
  });
}
