import { describe, expect, it } from "vitest";
import { ensureOnce, never, newSubject } from "../connectors.fixture.ts";
import type { adminApiAt } from "../manual-resources.fixture.ts";
import type { N8nConnector } from "./connector.ts";

type Calls = {
  url: string;
  n8n: N8nConnector;
  /** The same n8n with another secret. */
  forged: N8nConnector;
  /** Calls its API as an administrator does. */
  person: ReturnType<typeof adminApiAt>["n8n"];
  /** Returns the number of webhook calls that `n8n` has sent. */
  sent(): number;
};

/** Contract of calling a tenant's workflow and of a workflow that a person archived. */
export function describeTrigger(name: string, get: () => Calls) {
  const signal = never();

  /** Resolves when n8n has a webhook at the path for the method alone, or none, which a call by GET shows without a run. */
  async function settled(path: string, method: "POST" | "PUT" | "none") {
    const words = async () => {
      const response = await fetch(`${get().url}/webhook/${path}`);
      return ((await response.json()) as { message: string }).message;
    };
    const expected =
      method === "none"
        ? `The requested webhook "GET ${path}" is not registered.`
        : `This webhook is not registered for GET requests. Did you mean to make a ${method} request?`;
    await expect.poll(words, { timeout: 10_000, interval: 100 }).toBe(expected);
  }

  /** Creates a workflow with a fixed response as a person does, and publishes it. */
  async function byHand(respond: object, { httpMethod = "POST", tag = "" } = {}) {
    const { person } = get();
    const path = `by-hand/${crypto.randomUUID()}`;
    const node = (kind: string, type: string, typeVersion: number, parameters: object) => {
      const position = [0, 0];
      return { id: kind, name: kind, type: `n8n-nodes-base.${type}`, typeVersion, position, parameters };
    };
    const receive = { httpMethod, path, responseMode: "responseNode", options: {} };
    const { id } = await person("/workflows", {
      name: "By hand",
      nodes: [
        { ...node("Webhook", "webhook", 2, receive), webhookId: crypto.randomUUID() },
        node("Reply", "respondToWebhook", 1.1, { options: {}, ...respond }),
      ],
      connections: { Webhook: { main: [[{ node: "Reply", type: "main", index: 0 }]] } },
      settings: { executionOrder: "v1" },
    });
    if (tag) await person(`/workflows/${id}/tags`, [{ id: tag.slice("tag:".length) }], "PUT");
    await person(`/workflows/${id}/activate`, {});
    return { id, path };
  }

  const deliveryTo = (path: string, tenantId: string = crypto.randomUUID()) => {
    return { tenantId, path, deliveryId: crypto.randomUUID(), payload: { order: 7 } };
  };

  const eventsOf = async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(get().n8n, subject, signal);
    return { ...subject, id: resource.id, path: resource.webhooks[0]?.path ?? "" };
  };

  describe(`trigger: ${name}`, () => {
    it("delivers a signed payload to the created workflow immediately", async () => {
      const subject = newSubject();
      const { resource } = await ensureOnce(get().n8n, subject, signal);
      const [webhook] = resource.webhooks;
      expect(webhook).toEqual({ workflow: "events", path: `smarteros/${subject.tenantId}/events` });
      const deliveryId = crypto.randomUUID();
      const payload = {
        "10": "b",
        "2": "a",
        name: 'Ñandú \u2028 "quoted"',
        nested: [1.5, null, { a: true }],
      };
      const delivery = { tenantId: subject.tenantId, path: webhook?.path ?? "", deliveryId, payload };
      const response = { status: 200, data: { ok: true, deliveryId } };
      expect(await get().n8n.trigger(delivery, signal)).toEqual(response);
    });

    it.each(['{"constructor":1,"toString":null}', '{"__proto__":{"admin":true},"a":{"__proto__":[]}}'])(
      "delivers the payload %s",
      async (text) => {
        const { tenantId, path } = await eventsOf();
        const delivery = { tenantId, path, deliveryId: crypto.randomUUID(), payload: JSON.parse(text) };
        expect(await get().n8n.trigger(delivery, signal)).toMatchObject({ status: 200, data: { ok: true } });
      },
    );

    it("resolves to the workflow's refusal of the signature of another secret", async () => {
      const { tenantId, path } = await eventsOf();
      const delivery = { path, deliveryId: crypto.randomUUID(), payload: {} };
      const refused = { status: 401, data: { ok: false } };
      // The secret of another tenant, and an unknown secret.
      await get().n8n.trigger({ ...delivery, tenantId }, signal);
      const other = crypto.randomUUID();
      expect(await get().n8n.trigger({ ...delivery, tenantId: other }, signal)).toEqual(refused);
      expect(await get().forged.trigger({ ...delivery, tenantId }, signal)).toEqual(refused);
    });

    const json = (body: object) => ({ respondWith: "json", responseBody: JSON.stringify(body) });
    const text = (body: string, type: string) => ({
      respondWith: "text",
      responseBody: body,
      options: { responseHeaders: { entries: [{ name: "content-type", value: type }] } },
    });
    const withStatus = (responseCode: number, respond: object) => ({
      ...respond,
      options: { responseCode },
    });
    it.each([
      [
        "404 of its own",
        withStatus(404, json({ message: "No such order" })),
        404,
        { message: "No such order" },
      ],
      [
        "404 that relays another webhook's",
        withStatus(
          404,
          json({ code: 404, message: 'The requested webhook "POST other" is not registered.' }),
        ),
        404,
        { code: 404, message: 'The requested webhook "POST other" is not registered.' },
      ],
      ["422", withStatus(422, json({ rut: "wrong" })), 422, { rut: "wrong" }],
      ["500", withStatus(500, json({ error: "no stock" })), 500, { error: "no stock" }],
      ["503 with text", withStatus(503, { respondWith: "text", responseBody: "closed" }), 503, "closed"],
      ["plain text", text('{"ok":true}', "text/plain"), 200, '{"ok":true}'],
      ["HTML", { respondWith: "text", responseBody: "<p>Señor</p>" }, 200, "<p>Señor</p>"],
    ])("resolves to the workflow's response, and runs it once: %s", async (_, respond, status, data) => {
      const { path } = await byHand(respond);
      await settled(path, "POST");
      const { n8n, sent } = get();
      const before = sent();
      expect(await n8n.trigger(deliveryTo(path), signal)).toEqual({ status, data });
      expect(sent() - before).toBe(1);
    });

    it("waits for a workflow that is being activated", async () => {
      const { path } = await byHand(json({ done: true }));
      const response = { status: 200, data: { done: true } };
      expect(await get().n8n.trigger(deliveryTo(path), signal)).toEqual(response);
    });

    it("rejects with switch_on_workflow when the service is disabled, without another call", async () => {
      const { n8n, sent } = get();
      const { id, tenantId, path } = await eventsOf();
      await settled(path, "POST");
      await n8n.disable(id, tenantId, signal);
      await settled(path, "none");
      const before = sent();
      const off = { kind: "conflict", remedy: "switch_on_workflow", outcome: "none" };
      await expect(n8n.trigger(deliveryTo(path, tenantId), signal)).rejects.toMatchObject(off);
      expect(sent() - before).toBe(1);
    });

    it("rejects with switch_on_workflow when a person's workflow in the tenant's tag is not published", async () => {
      const { n8n, person } = get();
      const { id: tag, tenantId } = await eventsOf();
      const { id, path } = await byHand(json({}), { tag });
      await settled(path, "POST");
      await person(`/workflows/${id}/deactivate`, {});
      await settled(path, "none");
      const off = { kind: "conflict", remedy: "switch_on_workflow" };
      await expect(n8n.trigger(deliveryTo(path, tenantId), signal)).rejects.toMatchObject(off);
    });

    it("rejects with check_webhook when no active workflow has the path, or takes POST there", async () => {
      const gone = { kind: "not_found", remedy: "check_webhook", status: 404, outcome: "none" };
      const { n8n } = get();
      await expect(n8n.trigger(deliveryTo("by-hand/nothing"), signal)).rejects.toMatchObject(gone);
      const { path } = await byHand(json({}), { httpMethod: "PUT" });
      await settled(path, "PUT");
      await expect(n8n.trigger(deliveryTo(path), signal)).rejects.toMatchObject(gone);
    });
  });

  describe(`an archived workflow: ${name}`, () => {
    const archived = async () => {
      const tenant = await eventsOf();
      const { data } = await get().person(`/workflows?name=${encodeURIComponent(tenant.businessName)}`);
      const [workflow] = data;
      await get().person(`/workflows/${workflow.id}/archive`, {});
      return { ...tenant, workflowId: workflow.id };
    };

    it("is found as disabled, and restored and activated by ensure", async () => {
      const { n8n, person } = get();
      const { workflowId, ...tenant } = await archived();
      expect(await n8n.find(tenant, signal)).toMatchObject([{ id: tenant.id, state: "disabled" }]);
      expect(await n8n.read(tenant.id, signal)).toMatchObject({ id: tenant.id, state: "disabled" });
      const off = { kind: "conflict", remedy: "switch_on_workflow" };
      await settled(tenant.path, "none");
      await expect(n8n.trigger(deliveryTo(tenant.path, tenant.tenantId), signal)).rejects.toMatchObject(off);
      const ensured = await ensureOnce(n8n, tenant, signal);
      expect(ensured).toMatchObject({ action: "enabled", resource: { id: tenant.id, state: "active" } });
      expect(ensured.duplicates).toEqual([]);
      const restored = await person(`/workflows/${workflowId}`);
      expect(restored).toMatchObject({ isArchived: false, active: true });
      const response = { status: 200, data: { ok: true } };
      const delivery = deliveryTo(tenant.path, tenant.tenantId);
      expect(await n8n.trigger(delivery, signal)).toMatchObject(response);
    });

    it("is completed when it also lost its tag", async () => {
      const { n8n, person } = get();
      const { workflowId, ...tenant } = await archived();
      await person(`/workflows/${workflowId}/unarchive`, {});
      await person(`/workflows/${workflowId}/tags`, [], "PUT");
      await person(`/workflows/${workflowId}/archive`, {});
      expect(await n8n.find(tenant, signal)).toMatchObject([{ state: "incomplete" }]);
      const ensured = await ensureOnce(n8n, tenant, signal);
      expect(ensured).toMatchObject({ action: "completed", resource: { state: "active" } });
    });

    it("is disabled again and removed", async () => {
      const { n8n } = get();
      const tenant = await archived();
      expect(await n8n.disable(tenant.id, tenant.tenantId, signal)).toBe("done");
      expect(await n8n.remove(tenant.id, tenant.tenantId, signal)).toBe("removed");
      expect(await n8n.find(tenant, signal)).toEqual([]);
    });
  });
}
