import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { signatureHeaders, workflowSecret } from "./signature.ts";

it("a delivery is verified by the Standard Webhooks library, and not with another tenant's secret", () => {
  const secret = "a secret of 32 characters and some more";
  const library = (text: string) => new Webhook(Buffer.from(text).toString("base64"));
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), fc.json(), (tenantId, deliveryId, body) => {
      const own = workflowSecret(secret, tenantId);
      const headers = signatureHeaders(own, { deliveryId, body, now: Date.now() });
      expect(library(own).verify(body, headers)).toEqual(JSON.parse(body));
      const other = workflowSecret(secret, crypto.randomUUID());
      expect(() => library(other).verify(body, headers)).toThrow();
      expect(() => library(own).verify(`${body} `, headers)).toThrow();
    }),
  );
});
