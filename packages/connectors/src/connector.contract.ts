import { describe, expect, it } from "vitest";
import type { Connector, ResourceId } from "./connector.ts";
import { ensureOnce, never, newSubject } from "./connectors.fixture.ts";
import type { ManualResource } from "./manual-resources.fixture.ts";

type Traits = {
  /** Result of `disable`. */
  disables: "done" | "unsupported";
  /** True when the vendor requires unique names. */
  uniqueNames?: boolean;
  /** A valid id without a resource. */
  unknownId: ResourceId;
  manual: ManualResource;
};

/** Contract of every connector, at a sandbox and at the vendor. */
export function describeConnector(name: string, get: () => Connector, traits: Traits) {
  const { disables, uniqueNames = false, unknownId, manual } = traits;
  const signal = never();

  describe(`connector: ${name}`, () => {
    it("creates a missing resource once and finds it afterwards", async () => {
      const subject = newSubject();
      expect(await get().find(subject, signal)).toEqual([]);
      const first = await ensureOnce(get(), subject, signal);
      expect(first).toMatchObject({ action: "created", created: first.resource.id, duplicates: [] });
      expect(first.resource).toMatchObject({ tenantId: subject.tenantId, state: "active" });
      const second = await ensureOnce(get(), subject, signal);
      expect(second).toEqual({ ...first, action: "found", created: undefined });
      expect(await get().find(subject, signal)).toEqual([first.resource]);
    });

    it("reads a created resource with its id and the tenant's id", async () => {
      const subject = newSubject();
      const { id } = (await ensureOnce(get(), subject, signal)).resource;
      const read = await get().read(id, signal);
      const name = get().nameOf(subject, id);
      expect(read).toMatchObject({ id, tenantId: subject.tenantId, state: "active", name });
    });

    it("accepts names with any characters", async () => {
      const subject = newSubject({
        businessName: `Ñuñoa & Hijos <b>"Ltda"</b> 🇨🇱 ${crypto.randomUUID()} ${"x".repeat(60)}`,
      });
      expect((await ensureOnce(get(), subject, signal)).action).toBe("created");
      expect((await ensureOnce(get(), subject, signal)).action).toBe("found");
    });

    it("never uses a resource with the same name and RUT and another tenant's id", async () => {
      const subject = newSubject();
      const twin = newSubject({ businessName: subject.businessName, rut: subject.rut });
      const { resource } = await ensureOnce(get(), subject, signal);
      expect(await get().find(twin, signal)).toEqual([]);
      if (uniqueNames) {
        await expect(ensureOnce(get(), twin, signal)).rejects.toMatchObject({
          kind: "conflict",
          remedy: "resolve_name_clash",
        });
      } else {
        expect((await ensureOnce(get(), twin, signal)).resource.id).not.toBe(resource.id);
      }
      expect(await get().find(subject, signal)).toEqual([resource]);
    });

    it("disables without a new id, or resolves to unsupported", async () => {
      const subject = newSubject();
      const { resource } = await ensureOnce(get(), subject, signal);
      expect(await get().disable(resource.id, subject.tenantId, signal)).toBe(disables);
      const state = disables === "done" ? "disabled" : "active";
      expect(await get().find(subject, signal)).toEqual([{ ...resource, state }]);
      expect(await get().read(resource.id, signal)).toMatchObject({ state });
      // Disabling is idempotent.
      expect(await get().disable(resource.id, subject.tenantId, signal)).toBe(disables);
      const action = disables === "done" ? "enabled" : "found";
      expect(await ensureOnce(get(), subject, signal)).toMatchObject({
        action,
        resource,
        created: undefined,
      });
    });

    it("refuses to change a resource with another tenant's id", async () => {
      const [subject, other] = [newSubject(), newSubject()];
      const { resource } = await ensureOnce(get(), subject, signal);
      const refused = { kind: "conflict", remedy: "check_recorded_id" };
      for (const act of ["enable", "disable", "remove"] as const) {
        await expect(get()[act](resource.id, other.tenantId, signal)).rejects.toMatchObject(refused);
      }
      expect(await get().find(subject, signal)).toEqual([resource]);
    });

    it("rejects an unknown id with not_found", async () => {
      const { tenantId } = newSubject();
      expect(await get().read(unknownId, signal)).toBeUndefined();
      const gone = { kind: "not_found", remedy: "check_recorded_id" };
      await expect(get().disable(unknownId, tenantId, signal)).rejects.toMatchObject(gone);
      await expect(get().enable(unknownId, tenantId, signal)).rejects.toMatchObject(gone);
      expect(await get().remove(unknownId, tenantId, signal)).toBe("removed");
    });

    it("removes, also what does not exist, and creates again afterwards", async () => {
      const subject = newSubject();
      const { resource } = await ensureOnce(get(), subject, signal);
      expect(await get().remove(resource.id, subject.tenantId, signal)).toBe("removed");
      expect(await get().find(subject, signal)).toEqual([]);
      expect(await get().read(resource.id, signal)).toBeUndefined();
      expect(await get().remove(resource.id, subject.tenantId, signal)).toBe("removed");
      const second = await ensureOnce(get(), subject, signal);
      expect(second.action).toBe("created");
      expect(second.resource.id).not.toEqual(resource.id);
    });

    it("removes a disabled resource", async () => {
      const subject = newSubject();
      const { resource } = await ensureOnce(get(), subject, signal);
      await get().disable(resource.id, subject.tenantId, signal);
      expect(await get().remove(resource.id, subject.tenantId, signal)).toBe("removed");
      expect(await get().find(subject, signal)).toEqual([]);
    });

    it("claims a resource of a person, finds it afterwards and creates no second one", async () => {
      const subject = newSubject();
      const id = await manual.make();
      const before = await manual.seen(id);
      expect(await get().read(id, signal)).toMatchObject({ id, tenantId: undefined });
      const claimed = await get().claim(id, subject, signal);
      expect(claimed).toMatchObject({ id, tenantId: subject.tenantId });
      expect(await get().find(subject, signal)).toEqual([claimed]);
      expect(await get().read(id, signal)).toEqual(claimed);
      const ensured = await ensureOnce(get(), subject, signal);
      expect(["found", "completed"]).toContain(ensured.action);
      expect(ensured).toMatchObject({
        created: undefined,
        duplicates: [],
        resource: { id, state: "active" },
      });
      expect(await get().find(subject, signal)).toEqual([ensured.resource]);
      expect(await manual.seen(id)).toEqual(before);
    });

    it("claims again without a change, also a resource that it created", async () => {
      const subject = newSubject();
      const id = await manual.make();
      const claimed = await get().claim(id, subject, signal);
      expect(await get().claim(id, subject, signal)).toEqual(claimed);
      const another = newSubject();
      const { resource } = await ensureOnce(get(), another, signal);
      expect(await get().claim(resource.id, another, signal)).toEqual(resource);
    });

    it("refuses to claim a resource of another tenant, claimed or created", async () => {
      const [subject, other] = [newSubject(), newSubject()];
      const claimed = await get().claim(await manual.make(), subject, signal);
      const refused = { kind: "conflict", remedy: "check_recorded_id" };
      await expect(get().claim(claimed.id, other, signal)).rejects.toMatchObject(refused);
      const created = newSubject();
      const { resource } = await ensureOnce(get(), created, signal);
      await expect(get().claim(resource.id, other, signal)).rejects.toMatchObject(refused);
      expect(await get().find(other, signal)).toEqual([]);
      expect(await get().find(subject, signal)).toEqual([claimed]);
      expect(await get().find(created, signal)).toEqual([resource]);
    });

    it("rejects a claim of an unknown id with not_found", async () => {
      const gone = { kind: "not_found", remedy: "check_recorded_id" };
      await expect(get().claim(unknownId, newSubject(), signal)).rejects.toMatchObject(gone);
    });

    it("disables and removes a claimed resource, but not the contents of a person", async () => {
      const subject = newSubject();
      const { id } = await get().claim(await manual.make(), subject, signal);
      await ensureOnce(get(), subject, signal);
      expect(await get().disable(id, subject.tenantId, signal)).toBe(disables);
      expect(await get().enable(id, subject.tenantId, signal)).toBe(disables);
      const removal = get().remove(id, subject.tenantId, signal);
      if (manual.holds) {
        await expect(removal).rejects.toMatchObject({ kind: "conflict", remedy: "remove_contents" });
        expect(await get().find(subject, signal)).toMatchObject([{ id, state: "active" }]);
      } else {
        expect(await removal).toBe("removed");
        expect(await get().find(subject, signal)).toEqual([]);
      }
    });

    it("reports a healthy process and a valid credential", async () => {
      expect(await get().health(signal)).toMatchObject({ process: { ok: true }, credential: { ok: true } });
    });

    it("rejects with the reason of an aborted signal", async () => {
      const reason = new Error("the run was cancelled");
      const stop = AbortSignal.abort(reason);
      await expect(ensureOnce(get(), newSubject(), stop)).rejects.toBe(reason);
      await expect(get().health(stop)).rejects.toBe(reason);
    });
  });
}
