import { createHmac } from "node:crypto";

/**
 * Derives the secret of one tenant's workflows, as hex. The workflows contain it, so a reader of a workflow learns the
 * secret of no other tenant.
 */
export function workflowSecret(secret: string, tenantId: string): string {
  return createHmac("sha256", secret).update(`n8n:${tenantId}`).digest("hex");
}

/**
 * Returns the headers of a delivery signed by Standard Webhooks 1.0 (symmetric, `v1`). The receiver can verify the sender,
 * the age, and by its id that the delivery is not a duplicate.
 */
export function signatureHeaders(
  secret: string,
  { deliveryId, body, now }: { deliveryId: string; body: string; now: number },
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac("sha256", secret)
    .update(`${deliveryId}.${timestamp}.${body}`)
    .digest("base64");
  return {
    "webhook-id": deliveryId,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
