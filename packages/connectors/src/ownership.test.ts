import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Connector } from "./connector.ts";
import {
  connectorsFor,
  createDirectly,
  ensureOnce,
  heldFor,
  never,
  newSubject,
  startAll,
} from "./connectors.fixture.ts";
import { adminApiAt } from "./manual-resources.fixture.ts";

// A resource belongs to a tenant only if it carries the tenant's id.

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => {
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());
const signal = never();

const adminApi = adminApiAt(() => all.settings);

describe("a resource with the tenant's name and without its id", () => {
  it("is not found at Chatwoot, nor is one with another tenant's id", async () => {
    const subject = newSubject();
    const name = `${subject.businessName} ${subject.rut}`;
    await adminApi.chatwoot("/inboxes", { name, channel: { type: "api" } });
    const attributes = { smarteros_tenant_id: `${subject.tenantId} ` };
    await adminApi.chatwoot("/inboxes", {
      name,
      channel: { type: "api", additional_attributes: attributes },
    });
    expect(await all.connectors.chatwoot.find(subject, signal)).toEqual([]);
    expect((await ensureOnce(all.connectors.chatwoot, subject, signal)).action).toBe("created");
  });

  it("is not found at Botpress", async () => {
    const subject = newSubject();
    await adminApi.botpress("/bots", { name: subject.businessName });
    await adminApi.botpress("/bots", {
      name: subject.businessName,
      tags: { smarteros: "another", tenant: subject.tenantId },
    });
    expect(await all.connectors.botpress.find(subject, signal)).toEqual([]);
  });

  it("is not found as a Botpress workspace until it has the tenant's handle", async () => {
    const subject = newSubject();
    const perWorkspace = connectorsFor({ ...all.settings, BOTPRESS_PER_TENANT: "workspace" }).botpress;
    const { id } = await adminApi.botpress("/workspaces", { name: subject.businessName });
    expect(await perWorkspace.find(subject, signal)).toEqual([]);
    await adminApi.botpress(`/workspaces/${id}`, { handle: `t-${subject.tenantId}` }, "PUT");
    expect(await ensureOnce(perWorkspace, subject, signal)).toMatchObject({
      action: "found",
      created: undefined,
    });
  });

  it("is a conflict at Odoo by its name, but not by its RUT", async () => {
    const subject = newSubject();
    const company = { name: subject.businessName, vat: subject.rut };
    await adminApi.odoo("/res.company/create", { vals_list: [company] });
    const clash = { kind: "conflict", remedy: "resolve_name_clash", operation: "company.create" };
    await expect(ensureOnce(all.connectors.odoo, subject, signal)).rejects.toMatchObject(clash);
    expect(heldFor(all.vendors.odoo, subject)).toEqual([]);
    const renamed = { ...subject, businessName: `${subject.businessName} 2` };
    expect((await ensureOnce(all.connectors.odoo, renamed, signal)).action).toBe("created");
  });

  it("is a conflict at Odoo also with the older form of errors", async () => {
    const subject = newSubject();
    all.vendors.odoo.conditions.bare_string_errors = true;
    await adminApi.odoo("/res.company/create", { vals_list: [{ name: subject.businessName }] });
    await expect(ensureOnce(all.connectors.odoo, subject, signal)).rejects.toMatchObject({
      kind: "conflict",
    });
  });

  it("is not found at n8n, nor is a tag in another spelling", async () => {
    const subject = newSubject({ tenantId: "0a1b2c3d-0000-4000-8000-00000000abcd" });
    await adminApi.n8n("/tags", { name: subject.businessName.slice(0, 24) });
    await adminApi.n8n("/tags", { name: "T:ChssPQAAQACAAAAAAACrzQ" });
    await adminApi.n8n("/tags", { name: "t:chsspqaaqacaaaaaaacrzq" });
    expect(await all.connectors.n8n.find(subject, signal)).toEqual([]);
    const { resource } = await ensureOnce(all.connectors.n8n, subject, signal);
    expect(resource.name).toBe("t:ChssPQAAQACAAAAAAACrzQ");
  });

  it("is not found at Metabase, also in the tenant's collection", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.metabase, subject, signal);
    const held = all.vendors.metabase.resources();
    const collection = held.find(
      ({ kind, tenantId }) => kind === "collection" && tenantId === subject.tenantId,
    );
    await adminApi.metabase("/dashboard/12/copy", {
      name: subject.businessName,
      collection_id: Number(collection?.id),
      is_deep_copy: true,
    });
    expect(await all.connectors.metabase.find(subject, signal)).toEqual([resource]);
  });
});

describe("a second resource with the tenant's id", () => {
  it("is reported at Chatwoot; the oldest is used and none is deleted", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.chatwoot, subject, signal);
    const channel = { type: "api", additional_attributes: { smarteros_tenant_id: subject.tenantId } };
    const { id } = await adminApi.chatwoot("/inboxes", { name: "AAA", channel });
    expect(await ensureOnce(all.connectors.chatwoot, subject, signal)).toMatchObject({
      resource,
      duplicates: [String(id)],
    });
    expect(heldFor(all.vendors.chatwoot, subject)).toEqual(["inbox", "inbox"]);
  });

  it.each(["botpress", "odoo"] as const)("is reported at %s", async (vendor) => {
    const subject = newSubject();
    const connector = all.connectors[vendor] as Connector;
    const { resource } = await ensureOnce(connector, subject, signal);
    await createDirectly(connector, { ...subject, businessName: "Another" }, signal);
    const ensured = await ensureOnce(connector, subject, signal);
    expect(ensured.resource).toEqual(resource);
    expect(ensured.duplicates).toHaveLength(1);
  });

  it("is reported at n8n as a second workflow", async () => {
    const subject = newSubject();
    await ensureOnce(all.connectors.n8n, subject, signal);
    const [first] = all.vendors.n8n.resources().filter(({ kind }) => kind === "workflow");
    const { data } = await adminApi.n8n("/workflows");
    const { name, nodes, connections, settings } = data[0];
    const { id } = await adminApi.n8n("/workflows", { name, nodes, connections, settings });
    const { duplicates, resource } = await ensureOnce(all.connectors.n8n, subject, signal);
    expect(resource.state).toBe("active");
    expect(duplicates).toEqual([`workflow:${id}`]);

    // The active workflow is used; only one can be active.
    await adminApi.n8n(`/workflows/${first?.id}/deactivate`, {});
    await adminApi.n8n(`/workflows/${id}/activate`, {});
    await adminApi.n8n(`/workflows/${id}/tags`, [{ id: resource.id.slice(4) }], "PUT");
    expect(await ensureOnce(all.connectors.n8n, subject, signal)).toMatchObject({
      action: "found",
      resource: { state: "active" },
      duplicates: [`workflow:${first?.id}`],
    });
  });

  it("is reported at Metabase for dashboards and collections", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.metabase, subject, signal);
    const description = `smarteros:${subject.tenantId}`;
    const collection = await adminApi.metabase("/collection", { name: "Twin", description });
    const copy = { name: "Twin", description, collection_id: 4, is_deep_copy: true };
    await adminApi.metabase("/dashboard/12/copy", { ...copy, collection_id: collection.id });
    const empty = await adminApi.metabase("/collection", { name: "Empty", description });
    const ensured = await ensureOnce(all.connectors.metabase, subject, signal);
    expect(ensured.resource).toMatchObject({ id: resource.id });
    expect(ensured.duplicates).toEqual([expect.stringMatching(/^\d+$/), `collection:${empty.id}`]);
  });
});

describe("an object that the connector did not create", () => {
  it("prevents removal of an n8n project or tag", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.n8n, subject, signal);
    const workflow = { name: "By hand", nodes: [], connections: {}, settings: {} };
    const { id } = await adminApi.n8n("/workflows", workflow);
    await adminApi.n8n(`/workflows/${id}/tags`, [{ id: resource.id.slice(4) }], "PUT");
    const refusal = { kind: "conflict", remedy: "remove_contents" };
    await expect(all.connectors.n8n.remove(resource.id, subject.tenantId, signal)).rejects.toMatchObject(
      refusal,
    );
    expect(await all.connectors.n8n.find(subject, signal)).toEqual([resource]);
  });

  it("prevents removal of a Botpress workspace", async () => {
    const subject = newSubject();
    const perWorkspace = connectorsFor({ ...all.settings, BOTPRESS_PER_TENANT: "workspace" }).botpress;
    const { resource } = await ensureOnce(perWorkspace, subject, signal);
    const inside = connectorsFor({ ...all.settings, BOTPRESS_WORKSPACE_ID: resource.id.slice(10) }).botpress;
    await createDirectly(inside as Connector, newSubject(), signal);
    const refusal = { kind: "conflict", remedy: "remove_contents" };
    await expect(perWorkspace.remove(resource.id, subject.tenantId, signal)).rejects.toMatchObject(refusal);
  });

  it("prevents removal and archiving of an Odoo company", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.odoo, subject, signal);
    Object.assign(all.vendors.odoo.conditions, { has_records: true, default_company: true });
    const refusal = { kind: "conflict", remedy: "remove_contents" };
    await expect(all.connectors.odoo.remove(resource.id, subject.tenantId, signal)).rejects.toMatchObject(
      refusal,
    );
    await expect(all.connectors.odoo.disable(resource.id, subject.tenantId, signal)).rejects.toMatchObject(
      refusal,
    );
  });
});
