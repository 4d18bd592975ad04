import { describe, expect, it } from "vitest";
import { ensureOnce, never, newSubject } from "../connectors.fixture.ts";
import type { N8nConnector } from "./connector.ts";

/** Contract of calling a tenant's workflow. `forged` is the same n8n with another secret. */
export function describeTrigger(name: string, get: () => { n8n: N8nConnector; forged: N8nConnector }) {
  const signal = never();

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
      expect(await get().n8n.trigger(delivery, signal)).toEqual({ data: { ok: true, deliveryId } });
    });

    it("is refused with the signature of another secret", async () => {
      const [subject, other] = [newSubject(), newSubject()];
      const { resource } = await ensureOnce(get().n8n, subject, signal);
      const path = resource.webhooks[0]?.path ?? "";
      const delivery = { path, deliveryId: crypto.randomUUID(), payload: {} };
      const refused = { kind: "auth", operation: "webhook.call", status: 401 };
      // The secret of another tenant, and an unknown secret.
      await get().n8n.trigger({ ...delivery, tenantId: subject.tenantId }, signal);
      await expect(
        get().n8n.trigger({ ...delivery, tenantId: other.tenantId }, signal),
      ).rejects.toMatchObject(refused);
      await expect(
        get().forged.trigger({ ...delivery, tenantId: subject.tenantId }, signal),
      ).rejects.toMatchObject(refused);
    });

    it("rejects with not_found when no active workflow has the path", async () => {
      const delivery = { ...newSubject(), path: "smarteros/nobody/events", deliveryId: "1", payload: {} };
      const gone = { kind: "not_found", remedy: "check_recorded_id", status: 404 };
      await expect(get().n8n.trigger(delivery, signal)).rejects.toMatchObject(gone);
    });
  });
}
