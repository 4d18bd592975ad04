import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Connector, ResourceId } from "./connector.ts";
import { connectorsFor, ensureOnce, never, newSubject, startAll } from "./connectors.fixture.ts";
import { adminApiAt, manualResources } from "./manual-resources.fixture.ts";
import type { ConnectorOptions } from "./vendor-http.ts";
import { vendors } from "./vendors.ts";

// Refused claims, which write nothing.

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => {
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());
const signal = never();
const person = adminApiAt(() => all.settings);
const hand = manualResources(() => all.settings);
const manual = { ...hand, botpress: hand.bot, n8n: hand.tag };
const perWorkspace = (options?: ConnectorOptions) =>
  connectorsFor({ ...all.settings, BOTPRESS_PER_TENANT: "workspace" }, options).botpress;

const inUse = { kind: "conflict", remedy: "clear_mark_field", operation: "claim" };
const unfit = { kind: "conflict", remedy: "choose_another_resource", operation: "claim" };
const taken = { kind: "conflict", remedy: "resolve_name_clash" };

/** Expects that a claim for a new tenant is refused and changes nothing at the vendor. */
async function refuses(connector: unknown, id: unknown, expected: object) {
  const before = Object.values(all.vendors).map((sandbox) => sandbox.resources());
  const claim = (connector as Connector).claim(id as ResourceId, newSubject(), signal);
  await expect(claim).rejects.toMatchObject(expected);
  expect(Object.values(all.vendors).map((sandbox) => sandbox.resources())).toEqual(before);
}

describe.each(vendors)("a claim at %s", (vendor) => {
  const connector = () => all.connectors[vendor] as Connector;

  it("repeated writes nothing", async () => {
    const subject = newSubject();
    const [id, another] = [await manual[vendor].make(), await manual[vendor].make()];
    await connector().claim(id, subject, signal);
    // Odoo reads by POST too; its writes have a separate path.
    all.vendors[vendor].faults.add({ fault: "error", method: "PUT", times: null });
    all.vendors[vendor].faults.add({ fault: "error", method: "PATCH", times: null });
    all.vendors[vendor].faults.add({ fault: "error", path: "/write", times: null });
    expect(await connector().claim(id, subject, signal)).toMatchObject({ id, tenantId: subject.tenantId });
    // Proves that a write fails.
    await expect(connector().claim(another, newSubject(), signal)).rejects.toMatchObject({
      kind: "unavailable",
    });
  });

  it("with a lost response can be repeated", async () => {
    const subject = newSubject();
    const id = await manual[vendor].make();
    const writes = { chatwoot: "PATCH", botpress: "PUT", odoo: "POST", n8n: "PUT", metabase: "PUT" } as const;
    const path = vendor === "odoo" ? { path: "/write" } : {};
    all.vendors[vendor].faults.add({ fault: "reset_after_commit", method: writes[vendor], ...path });
    await expect(connector().claim(id, subject, signal)).rejects.toMatchObject({ kind: "unavailable" });
    expect(await connector().claim(id, subject, signal)).toMatchObject({ id, tenantId: subject.tenantId });
    expect(await connector().find(subject, signal)).toHaveLength(1);
  });
});

describe("a claim at Chatwoot", () => {
  it("of an inbox of another channel, which drops the attribute, is refused", async () => {
    const channel = { type: "web_widget", website_url: "https://example.test" };
    const { id } = await person.chatwoot("/inboxes", { name: "Website", channel });
    await refuses(all.connectors.chatwoot, id, unfit);
    const read = await person.chatwoot(`/inboxes/${id}`);
    expect(read).toMatchObject({ name: "Website", channel_type: "Channel::WebWidget" });
    const dropped = await person.chatwoot(
      `/inboxes/${id}`,
      { channel: { additional_attributes: { smarteros_tenant_id: "t" } } },
      "PATCH",
    );
    expect(dropped).toEqual(read);
  });

  it("of an inbox that uses the field of the mark is refused", async () => {
    const channel = { type: "api", additional_attributes: { smarteros_tenant_id: 7 } };
    const { id } = await person.chatwoot("/inboxes", { name: "Numbered", channel });
    await refuses(all.connectors.chatwoot, id, inUse);
    expect((await person.chatwoot(`/inboxes/${id}`)).additional_attributes).toEqual({
      smarteros_tenant_id: 7,
    });
  });

  it("that an older version drops with status 200 rejects with check_vendor_version", async () => {
    const id = await hand.chatwoot.make();
    all.vendors.chatwoot.conditions.attributes_dropped = true;
    await refuses(all.connectors.chatwoot, id, { kind: "unknown", remedy: "check_vendor_version" });
  });

  it.each([
    ["was overwritten by another tenant's", { kind: "conflict", remedy: "check_recorded_id" }],
    ["was deleted", { kind: "not_found", remedy: "check_recorded_id" }],
  ])("that %s before the second read is refused", async (what, expected) => {
    const id = await hand.chatwoot.make();
    const path = `/inboxes/${id}`;
    const channel = { additional_attributes: { smarteros_tenant_id: newSubject().tenantId } };
    const faster: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if ((input as Request).method !== "PATCH") return response;
      await (what === "was deleted"
        ? person.chatwoot(path, {}, "DELETE").then(() => new Promise((done) => setTimeout(done, 400)))
        : person.chatwoot(path, { channel }, "PATCH"));
      return response;
    };
    const { chatwoot } = connectorsFor(all.settings, { fetch: faster });
    await expect(chatwoot.claim(id, newSubject(), signal)).rejects.toMatchObject(expected);
  });
});

describe("a claim at Botpress", () => {
  it("of a workspace with a handle is refused, also when the handle has the prefix of a mark", async () => {
    for (const handle of ["ventas", "t-shirts"]) {
      const { id } = await person.botpress("/workspaces", { name: "Ventas" });
      await person.botpress(`/workspaces/${id}`, { handle }, "PUT");
      await refuses(perWorkspace(), `workspace:${id}`, inUse);
      expect(await person.botpress(`/workspaces/${id}`)).toMatchObject({ handle });
    }
  });

  it("of a second workspace of the tenant is refused because the handle is taken", async () => {
    const subject = newSubject();
    await ensureOnce(perWorkspace(), subject, signal);
    const id = (await hand.workspace.make()) as ResourceId<"botpress">;
    await expect(perWorkspace().claim(id, subject, signal)).rejects.toMatchObject({
      ...taken,
      operation: "workspace.handle",
    });
    expect(await perWorkspace().read(id, signal)).toMatchObject({ tenantId: undefined });
  });

  it("of the kind that the settings do not create is refused, after missing and foreign ids", async () => {
    const [bot, workspace] = (await Promise.all([
      hand.bot.make(),
      hand.workspace.make(),
    ])) as ResourceId<"botpress">[];
    await refuses(perWorkspace(), bot, unfit);
    await refuses(all.connectors.botpress, workspace, unfit);
    const gone = { kind: "not_found", remedy: "check_recorded_id" };
    await refuses(perWorkspace(), "bot:none", gone);
    const { resource } = await ensureOnce(all.connectors.botpress, newSubject(), signal);
    await refuses(perWorkspace(), resource.id, { kind: "conflict", remedy: "check_recorded_id" });
  });
});

describe.each([
  ["n8n", "tag:../projects"],
  ["botpress", "bot:../../account/me"],
] as const)("a claim at %s of an id in another form", (vendor, id) => {
  it("rejects with not_found without a call", async () => {
    const gone = { kind: "not_found", remedy: "check_recorded_id" };
    await refuses(all.connectors[vendor], id, gone);
    expect(all.vendors[vendor].calls()).toEqual([]);
  });
});

describe("a claim at Odoo", () => {
  it("of a company with a registration number is refused", async () => {
    const company = { name: "Viña Los Andes", company_registry: "76.086.428-5" };
    const [id] = await person.odoo("/res.company/create", { vals_list: [company] });
    await refuses(all.connectors.odoo, id, inUse);
    const fields = ["company_registry"];
    const read = await person.odoo("/res.company/search_read", { domain: [["id", "=", id]], fields });
    expect(read).toEqual([{ company_registry: "76.086.428-5" }]);
  });

  it("of an archived company succeeds, and ensure unarchives the company", async () => {
    const subject = newSubject();
    const id = (await hand.odoo.make()) as number;
    await person.odoo("/res.company/write", { ids: [id], vals: { active: false } });
    expect(await all.connectors.odoo.claim(id, subject, signal)).toMatchObject({ state: "disabled" });
    expect(await ensureOnce(all.connectors.odoo, subject, signal)).toMatchObject({
      action: "enabled",
      resource: { id },
    });
  });
});

describe("a claim at n8n", () => {
  it("of a personal project, or of one with a name too long for the key, is refused", async () => {
    all.vendors.n8n.conditions.licensed = true;
    const { data } = await person.n8n("/projects");
    const personal = data.find((project: { type: string }) => project.type === "personal");
    await refuses(all.connectors.n8n, `project:${personal.id}`, unfit);
    const { id } = await person.n8n("/projects", { name: "x".repeat(231) });
    await refuses(all.connectors.n8n, `project:${id}`, inUse);
    const fits = await person.n8n("/projects", { name: "x".repeat(230) });
    const subject = newSubject();
    const claimed = await all.connectors.n8n.claim(`project:${fits.id}`, subject, signal);
    expect(claimed.name).toHaveLength(255);
  });

  it("of a second tag of the tenant is refused because the name is taken", async () => {
    const subject = newSubject();
    await ensureOnce(all.connectors.n8n, subject, signal);
    const id = (await hand.tag.make()) as ResourceId<"n8n">;
    await expect(all.connectors.n8n.claim(id, subject, signal)).rejects.toMatchObject(taken);
    expect(await all.connectors.n8n.read(id, signal)).toMatchObject({ tenantId: undefined });
  });
});

describe("a claim at Metabase", () => {
  const describedAs = async (description: string | null) => {
    const id = (await hand.metabase.make()) as number;
    await person.metabase(`/dashboard/${id}`, { description }, "PUT");
    return id;
  };
  const descriptionOf = async (id: number) => (await person.metabase(`/dashboard/${id}`)).description;

  it("writes the mark on a separate line after the text, or as the only line", async () => {
    const subject = newSubject();
    const mark = `smarteros:${subject.tenantId}`;
    for (const [text, written] of [
      ["Ventas", `Ventas\n\n${mark}`],
      [" ", mark],
      [null, mark],
      ["Sobre smarteros:otro", `Sobre smarteros:otro\n\n${mark}`],
    ] as const) {
      const id = await describedAs(text);
      expect(await all.connectors.metabase.claim(id, subject, signal)).toMatchObject({ state: "active" });
      expect(await descriptionOf(id)).toBe(written);
    }
  });

  it("of a dashboard with another tenant's mark among other lines is refused", async () => {
    const text = `Ventas\r\nsmarteros:${newSubject().tenantId}\r\nNo mover`;
    const id = await describedAs(text);
    await refuses(all.connectors.metabase, id, { kind: "conflict", remedy: "check_recorded_id" });
    expect(await descriptionOf(id)).toBe(text);
  });

  it("is found with an outdated search index and after a person changes the description", async () => {
    const subject = newSubject();
    const id = (await hand.metabase.make()) as number;
    all.vendors.metabase.conditions.stale_index = true;
    await all.connectors.metabase.claim(id, subject, signal);
    const description = `smarteros:${subject.tenantId}\nVentas del año`;
    await person.metabase(`/dashboard/${id}`, { description }, "PUT");
    expect(await ensureOnce(all.connectors.metabase, subject, signal)).toMatchObject({
      action: "found",
      resource: { id },
    });
    await all.connectors.metabase.disable(id, subject.tenantId, signal);
    expect(await ensureOnce(all.connectors.metabase, subject, signal)).toMatchObject({ action: "enabled" });
    expect(await descriptionOf(id)).toBe(description);
  });
});
