import { createHmac } from "node:crypto";

/**
 * The secret of one tenant's workflows, as text: it stands in them, so a workflow that is looked into gives away no
 * other tenant's.
 */
export function workflowSecret(secret: string, tenantId: string): string {
  return createHmac("sha256", secret).update(`n8n:${tenantId}`).digest("hex");
}

/**
 * The headers of a signed delivery by Standard Webhooks 1.0 (symmetric, `v1`): whoever receives it can tell who sent
 * it, how old it is, and by its id whether it was here before.
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
