import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectorsFor, ensureOnce, heldFor, never, newSubject, startAll } from "../connectors.fixture.ts";
import { adminApiAt, manualResources } from "../manual-resources.fixture.ts";

// The ordinary questions that Metabase copies with a dashboard, and does not archive or delete with it.

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => all.vendors.metabase.reset());
afterAll(() => all.stop());
const signal = never();
const admin = adminApiAt(() => all.settings).metabase;
const person = adminApiAt(() => ({ ...all.settings, METABASE_API_KEY: "mb_person" })).metabase;
const metabase = () => all.connectors.metabase;

type Item = { id: number; name: string; description: string | null; archived: boolean };

async function provisioned() {
  const subject = newSubject();
  const { resource } = await ensureOnce(metabase(), subject, signal);
  const { collection_id: collection } = await admin(`/dashboard/${resource.id}`);
  const items = async (place: number | "trash"): Promise<Item[]> => {
    const id = place === "trash" ? (await admin("/collection/trash")).id : place;
    return (await admin(`/collection/${id}/items?models=card&models=metric&models=dataset`)).data;
  };
  return {
    subject,
    id: resource.id,
    collection: Number(collection),
    held: async () => (await items(collection)).map(({ name }) => name).toSorted(),
    trashed: async () => (await items("trash")).map(({ name }) => name).toSorted(),
    dashboard: () => admin(`/dashboard/${resource.id}`),
    items,
  };
}
const copied = ["Another question", "Question", "Series"];

describe("the questions that were copied with a dashboard", () => {
  it("lie in the tenant's collection, without dashboard questions and models", async () => {
    const { held, trashed } = await provisioned();
    expect(await held()).toEqual(copied);
    expect(await trashed()).toEqual([]);
  });

  it("are archived and restored with it, with their descriptions, any number of times", async () => {
    const { subject, id, collection, held, trashed, dashboard, items } = await provisioned();
    const before = [await dashboard(), await items(collection)];
    for (let round = 0; round < 2; round++) {
      await metabase().disable(id, subject.tenantId, signal);
      await metabase().disable(id, subject.tenantId, signal);
      expect(await held()).toEqual([]);
      expect(await trashed()).toEqual(copied);
      await ensureOnce(metabase(), subject, signal);
      await metabase().enable(id, subject.tenantId, signal);
      expect([await dashboard(), await items(collection)]).toEqual(before);
      expect(await trashed()).toEqual([]);
    }
  });

  it.each([false, true])("are deleted with it, disabled before: %s", async (isDisabled) => {
    const { subject, id, held, trashed } = await provisioned();
    if (isDisabled) await metabase().disable(id, subject.tenantId, signal);
    expect(await metabase().remove(id, subject.tenantId, signal)).toBe("removed");
    expect([...(await held()), ...(await trashed())]).toEqual([]);
    expect(heldFor(all.vendors.metabase, subject)).toEqual(["collection"]);
    const template = await admin("/collection/4/items?models=card&models=metric&models=dataset");
    expect(template.data).toHaveLength(4);
  });

  it("are deleted when the copy is incomplete", async () => {
    const subject = newSubject();
    all.vendors.metabase.conditions.hidden_question = true;
    const missing = { kind: "forbidden", remedy: "grant_template_access" };
    await expect(ensureOnce(metabase(), subject, signal)).rejects.toMatchObject(missing);
    const cards = all.vendors.metabase.resources().filter(({ kind }) => kind === "card");
    // Those of the template.
    expect(cards.map(({ id }) => id)).toEqual(["101", "102", "103", "104", "105"]);
  });

  it.each(["disable", "enable", "remove"] as const)(
    "are complete after %s was repeated from any failure",
    async (act) => {
      for (let skip = 0; ; skip++) {
        const { subject, id, held, trashed, collection, items } = await provisioned();
        const before = await items(collection);
        if (act === "enable") await metabase().disable(id, subject.tenantId, signal);
        // After the calls of this test, which are not affected.
        all.vendors.metabase.faults.add({ fault: "error", skip });
        const isFailed = await metabase()
          [act](id, subject.tenantId, signal)
          .then(
            () => false,
            () => true,
          );
        all.vendors.metabase.faults.clear();
        if (isFailed) await metabase()[act](id, subject.tenantId, signal);
        expect(await held()).toEqual(act === "enable" ? copied : []);
        expect(await trashed()).toEqual(act === "disable" ? copied : []);
        if (act === "disable") {
          await metabase().enable(id, subject.tenantId, signal);
          expect(await items(collection)).toEqual(before);
        }
        all.vendors.metabase.reset();
        if (isFailed) continue;
        expect(skip).toBeGreaterThan(5);
        return;
      }
    },
  );

  it.each([
    ["disable", 1],
    ["enable", 2],
  ] as const)("are restored by ensure after an attempt to %s failed half-way", async (act, left) => {
    const { subject, id, held, trashed } = await provisioned();
    if (act === "enable") await metabase().disable(id, subject.tenantId, signal);
    all.vendors.metabase.faults.add({ fault: "error", method: "PUT", path: "/card/", skip: 1 });
    await expect(metabase()[act](id, subject.tenantId, signal)).rejects.toMatchObject({
      kind: "unavailable",
    });
    expect(await trashed()).toHaveLength(left);
    expect(await ensureOnce(metabase(), subject, signal)).toMatchObject({ action: "enabled" });
    expect(await held()).toEqual(copied);
    expect(await trashed()).toEqual([]);
  });
});

describe("questions of others", () => {
  const question = { display: "table", dataset_query: {}, visualization_settings: {} };

  it("of a person in the tenant's collection and on its dashboard stay as they are", async () => {
    const { subject, id, collection, held, trashed, dashboard } = await provisioned();
    const made = await person("/card", { ...question, name: "By hand", collection_id: collection });
    const { dashcards } = await dashboard();
    await person(`/dashboard/${id}`, { dashcards: [...dashcards, { id: -1, card_id: made.id }] }, "PUT");
    expect((await dashboard()).dashcards).toHaveLength(5);
    await metabase().disable(id, subject.tenantId, signal);
    expect(await held()).toEqual(["By hand"]);
    await metabase().enable(id, subject.tenantId, signal);
    await metabase().remove(id, subject.tenantId, signal);
    expect(await held()).toEqual(["By hand"]);
    expect(await trashed()).toEqual([]);
    expect(await admin(`/card/${made.id}`)).toEqual(made);
  });

  it("of the key in the tenant's collection and on no dashboard, and of another collection, stay", async () => {
    const { subject, id, collection, held, dashboard } = await provisioned();
    await admin("/card", { ...question, name: "Spare", collection_id: collection });
    const shared = await admin("/card", { ...question, name: "Shared", collection_id: 4 });
    const { dashcards } = await dashboard();
    await admin(`/dashboard/${id}`, { dashcards: [...dashcards, { id: -1, card_id: shared.id }] }, "PUT");
    await metabase().disable(id, subject.tenantId, signal);
    await metabase().remove(id, subject.tenantId, signal);
    expect(await held()).toEqual(["Spare"]);
    expect(await admin(`/card/${shared.id}`)).toEqual(shared);
  });

  it("of another dashboard of the tenant, archived by a person, stay in the trash", async () => {
    const first = await provisioned();
    const description = `smarteros:${first.subject.tenantId}`;
    const copy = { name: "Twin", description, collection_id: first.collection, is_deep_copy: true };
    const twin = await admin("/dashboard/12/copy", copy);
    await metabase().disable(twin.id, first.subject.tenantId, signal);
    const [other] = await first.items(first.collection);
    await admin(`/card/${other?.id}`, { archived: true }, "PUT");
    await metabase().disable(first.id, first.subject.tenantId, signal);
    await metabase().enable(first.id, first.subject.tenantId, signal);
    expect(await first.held()).toHaveLength(2);
    expect(await first.trashed()).toHaveLength(4);
  });

  it("of a claimed dashboard stay", async () => {
    const subject = newSubject();
    const id = (await manualResources(() => all.settings).metabase.make()) as number;
    const { collection_id: collection } = await admin(`/dashboard/${id}`);
    const items = async () =>
      (await admin(`/collection/${collection}/items?models=card&models=metric`)).data.map(
        ({ name }: Item) => name,
      );
    const before = await items();
    expect(before).toHaveLength(3);
    await metabase().claim(id, subject, signal);
    await metabase().disable(id, subject.tenantId, signal);
    expect(await items()).toEqual(before);
    await metabase().remove(id, subject.tenantId, signal);
    expect(await items()).toEqual(before);
  });
});

describe("Metabase before 0.50, without a trash", () => {
  it.each(["disable", "enable", "remove"] as const)("is not changed by %s", async (act) => {
    const { subject, id, held, dashboard } = await provisioned();
    const before = await dashboard();
    all.vendors.metabase.conditions.no_trash = true;
    const tooOld = { kind: "validation", remedy: "check_vendor_version", operation: "collection.trash" };
    await expect(metabase()[act](id, subject.tenantId, signal)).rejects.toMatchObject(tooOld);
    expect(await dashboard()).toEqual(before);
    expect(await held()).toEqual(copied);
  });

  it("archives a dashboard of which the connector owns no ordinary question", async () => {
    const subject = newSubject();
    const id = (await manualResources(() => all.settings).metabase.make()) as number;
    await metabase().claim(id, subject, signal);
    all.vendors.metabase.conditions.no_trash = true;
    expect(await metabase().disable(id, subject.tenantId, signal)).toBe("done");
  });
});

it("an archived object is shown in the trash, by its own address too", async () => {
  const { subject, id, dashboard, items } = await provisioned();
  await metabase().disable(id, subject.tenantId, signal);
  const { id: trash } = await admin("/collection/trash");
  const [card] = await items("trash");
  expect(await admin(`/card/${card?.id}`)).toMatchObject({ archived: true, collection_id: trash });
  // The dashboard question and the model stay on it.
  expect(await dashboard()).toMatchObject({ archived: true, collection_id: trash });
  expect((await dashboard()).dashcards).toHaveLength(2);
});

it("a trash with more objects than a page is read to its end", async () => {
  const { subject, id, held } = await provisioned();
  const { collection_id: collection } = await admin(`/dashboard/${id}`);
  for (let index = 0; index < 150; index++) {
    const given = { display: "table", dataset_query: {}, visualization_settings: {} };
    const made = await admin("/card", { ...given, name: `Old ${index}`, collection_id: collection });
    await admin(`/card/${made.id}`, { archived: true }, "PUT");
  }
  const { metabase: connector } = connectorsFor(all.settings);
  await connector.disable(id, subject.tenantId, signal);
  await connector.enable(id, subject.tenantId, signal);
  expect(await held()).toEqual(copied);
});
