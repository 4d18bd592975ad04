import { describe, expect, it } from "vitest";
import type { Connector, ResourceId } from "./connector.ts";
import { ensure } from "./ensure.ts";
import type { ManualResource } from "./manual-resources.test.support.ts";
import { never, newSubject } from "./testing.test.support.ts";

type Traits = {
  /** What `disable` does there. */
  disables: "done" | "unsupported";
  /** Whether two of one name cannot be. */
  uniqueNames?: boolean;
  /** An id in the right form of what never was. */
  unknownId: ResourceId;
  manual: ManualResource;
};

/** What every connector promises, at a sandbox as at the vendor itself. */
export function describeConnector(name: string, get: () => Connector, traits: Traits) {
  const { disables, uniqueNames = false, unknownId, manual } = traits;
  const signal = never();

  describe(`connector: ${name}`, () => {
    it("creates what is not there, once, and finds it from then on", async () => {
      const subject = newSubject();
      expect(await get().find(subject, signal)).toEqual([]);
      const first = await ensure(get(), subject, signal);
      expect(first).toMatchObject({ action: "created", created: first.resource.id, duplicates: [] });
      expect(first.resource).toMatchObject({ tenantId: subject.tenantId, state: "active" });
      const second = await ensure(get(), subject, signal);
      expect(second).toEqual({ ...first, action: "found", created: undefined });
      expect(await get().find(subject, signal)).toEqual([first.resource]);
    });

    it("reads back what it created: its id and the tenant's", async () => {
      const subject = newSubject();
      const { id } = (await ensure(get(), subject, signal)).resource;
      const read = await get().read(id, signal);
      const name = get().nameOf(subject, id);
      expect(read).toMatchObject({ id, tenantId: subject.tenantId, state: "active", name });
    });

    it("takes a name of any kind", async () => {
      const subject = newSubject({
        businessName: `Ñuñoa & Hijos <b>"Ltda"</b> 🇨🇱 ${crypto.randomUUID()} ${"x".repeat(60)}`,
      });
      expect((await ensure(get(), subject, signal)).action).toBe("created");
      expect((await ensure(get(), subject, signal)).action).toBe("found");
    });

    it("never takes for its own what has the same name and RUT and another tenant's id", async () => {
      const subject = newSubject();
      const twin = newSubject({ businessName: subject.businessName, rut: subject.rut });
      const { resource } = await ensure(get(), subject, signal);
      expect(await get().find(twin, signal)).toEqual([]);
      if (uniqueNames) {
        await expect(ensure(get(), twin, signal)).rejects.toMatchObject({
          kind: "conflict",
          remedy: "resolve_name_clash",
        });
      } else {
        expect((await ensure(get(), twin, signal)).resource.id).not.toBe(resource.id);
      }
      expect(await get().find(subject, signal)).toEqual([resource]);
    });

    it("switches off and keeps the id, or says that the vendor cannot", async () => {
      const subject = newSubject();
      const { resource } = await ensure(get(), subject, signal);
      expect(await get().disable(resource.id, subject.tenantId, signal)).toBe(disables);
      const state = disables === "done" ? "disabled" : "active";
      expect(await get().find(subject, signal)).toEqual([{ ...resource, state }]);
      expect(await get().read(resource.id, signal)).toMatchObject({ state });
      // Again changes nothing.
      expect(await get().disable(resource.id, subject.tenantId, signal)).toBe(disables);
      const action = disables === "done" ? "enabled" : "found";
      expect(await ensure(get(), subject, signal)).toMatchObject({ action, resource, created: undefined });
    });

    it("acts on nothing that carries another tenant's id", async () => {
      const [subject, stranger] = [newSubject(), newSubject()];
      const { resource } = await ensure(get(), subject, signal);
      const refused = { kind: "conflict", remedy: "check_recorded_id" };
      for (const act of ["enable", "disable", "remove"] as const) {
        await expect(get()[act](resource.id, stranger.tenantId, signal)).rejects.toMatchObject(refused);
      }
      expect(await get().find(subject, signal)).toEqual([resource]);
    });

    it("says of an unknown id that it is not there", async () => {
      const { tenantId } = newSubject();
      expect(await get().read(unknownId, signal)).toBeUndefined();
      const gone = { kind: "not_found", remedy: "check_recorded_id" };
      await expect(get().disable(unknownId, tenantId, signal)).rejects.toMatchObject(gone);
      await expect(get().enable(unknownId, tenantId, signal)).rejects.toMatchObject(gone);
      expect(await get().remove(unknownId, tenantId, signal)).toBe("removed");
    });

    it("removes, also what is gone, and creates anew after that", async () => {
      const subject = newSubject();
      const { resource } = await ensure(get(), subject, signal);
      expect(await get().remove(resource.id, subject.tenantId, signal)).toBe("removed");
      expect(await get().find(subject, signal)).toEqual([]);
      expect(await get().read(resource.id, signal)).toBeUndefined();
      expect(await get().remove(resource.id, subject.tenantId, signal)).toBe("removed");
      const anew = await ensure(get(), subject, signal);
      expect(anew.action).toBe("created");
      expect(anew.resource.id).not.toEqual(resource.id);
    });

    it("removes what is switched off", async () => {
      const subject = newSubject();
      const { resource } = await ensure(get(), subject, signal);
      await get().disable(resource.id, subject.tenantId, signal);
      expect(await get().remove(resource.id, subject.tenantId, signal)).toBe("removed");
      expect(await get().find(subject, signal)).toEqual([]);
    });

    it("claims what was made by hand, from then on finds it and creates no second one", async () => {
      const subject = newSubject();
      const id = await manual.make();
      const before = await manual.seen(id);
      expect(await get().read(id, signal)).toMatchObject({ id, tenantId: undefined });
      const claimed = await get().claim(id, subject, signal);
      expect(claimed).toMatchObject({ id, tenantId: subject.tenantId });
      expect(await get().find(subject, signal)).toEqual([claimed]);
      expect(await get().read(id, signal)).toEqual(claimed);
      const ensured = await ensure(get(), subject, signal);
      expect(["found", "completed"]).toContain(ensured.action);
      expect(ensured).toMatchObject({
        created: undefined,
        duplicates: [],
        resource: { id, state: "active" },
      });
      expect(await get().find(subject, signal)).toEqual([ensured.resource]);
      expect(await manual.seen(id)).toEqual(before);
    });

    it("claims again without a change, also what it created itself", async () => {
      const subject = newSubject();
      const id = await manual.make();
      const claimed = await get().claim(id, subject, signal);
      expect(await get().claim(id, subject, signal)).toEqual(claimed);
      const another = newSubject();
      const { resource } = await ensure(get(), another, signal);
      expect(await get().claim(resource.id, another, signal)).toEqual(resource);
    });

    it("claims nothing that carries another tenant's id, claimed or created", async () => {
      const [subject, other] = [newSubject(), newSubject()];
      const claimed = await get().claim(await manual.make(), subject, signal);
      const refused = { kind: "conflict", remedy: "check_recorded_id" };
      await expect(get().claim(claimed.id, other, signal)).rejects.toMatchObject(refused);
      const created = newSubject();
      const { resource } = await ensure(get(), created, signal);
      await expect(get().claim(resource.id, other, signal)).rejects.toMatchObject(refused);
      expect(await get().find(other, signal)).toEqual([]);
      expect(await get().find(subject, signal)).toEqual([claimed]);
      expect(await get().find(created, signal)).toEqual([resource]);
    });

    it("claims no unknown id", async () => {
      const gone = { kind: "not_found", remedy: "check_recorded_id" };
      await expect(get().claim(unknownId, newSubject(), signal)).rejects.toMatchObject(gone);
    });

    it("switches and removes what it claimed, and not what a person put in it", async () => {
      const subject = newSubject();
      const { id } = await get().claim(await manual.make(), subject, signal);
      await ensure(get(), subject, signal);
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

    it("is well, with its process and with its credential", async () => {
      expect(await get().health(signal)).toMatchObject({ process: { ok: true }, credential: { ok: true } });
    });

    it("stops with its caller, with the caller's reason", async () => {
      const reason = new Error("the run was cancelled");
      const stop = AbortSignal.abort(reason);
      await expect(ensure(get(), newSubject(), stop)).rejects.toBe(reason);
      await expect(get().health(stop)).rejects.toBe(reason);
    });
  });
}
