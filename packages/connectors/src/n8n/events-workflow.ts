import type { Subject } from "../connector.ts";

/** The name by which a tenant's first workflow is registered and triggered. */
export const eventsWorkflow = "events";

/** The path of a tenant's webhook; it carries the tenant's id and is how the workflow is known to be its own. */
export const webhookPath = (tenantId: string) => `smarteros/${tenantId}/events`;

/** The whole name holds the key, so that one look-up by name finds it, whatever else was lost. */
const workflowName = (businessName: string, key: string) => `${businessName.slice(0, 90)} [${key}]`;

const receive = "Webhook";
const sign = "Expected signature";
const check = "Signed and fresh?";
const accept = "Accept";
const refuse = "Refuse";

/**
 * The workflow that a tenant starts with: takes a delivery, checks its signature and that it is at most five minutes
 * old, and answers 200 or 401. What the business wants done goes between the check and the answer. n8n parses the body,
 * so what is signed is the JSON that `JSON.stringify` makes of it again, on both sides.
 */
export function eventsWorkflowOf(subject: Subject, key: string, secret: string) {
  const head = (name: string) => `$('${receive}').item.json.headers['${name}']`;
  const signed = `${head("webhook-id")} + '.' + ${head("webhook-timestamp")} + '.' + JSON.stringify($json.body)`;
  const fresh = `Math.abs(Date.now() / 1000 - Number(${head("webhook-timestamp")})) <= 300`;
  return {
    name: workflowName(subject.businessName, key),
    nodes: [
      node(receive, "webhook", 2, 0, {
        httpMethod: "POST",
        path: webhookPath(subject.tenantId),
        responseMode: "responseNode",
        options: {},
      }),
      node(sign, "crypto", 1, 1, {
        action: "hmac",
        type: "SHA256",
        value: `={{ ${signed} }}`,
        secret,
        encoding: "base64",
        dataPropertyName: "expected",
      }),
      node(check, "if", 2, 2, {
        conditions: {
          options: { caseSensitive: true, leftValue: "", typeValidation: "strict" },
          combinator: "and",
          conditions: [
            {
              id: "signed",
              leftValue: `={{ 'v1,' + $json.expected === ${head("webhook-signature")} && ${fresh} }}`,
              rightValue: true,
              operator: { type: "boolean", operation: "true", singleValue: true },
            },
          ],
        },
        options: {},
      }),
      node(accept, "respondToWebhook", 1.1, 3, {
        respondWith: "json",
        responseBody: `={{ { ok: true, deliveryId: ${head("webhook-id")} } }}`,
        options: {},
      }),
      node(refuse, "respondToWebhook", 1.1, 3, {
        respondWith: "json",
        responseBody: "={{ { ok: false } }}",
        options: { responseCode: 401 },
      }),
    ],
    connections: {
      [receive]: { main: [[to(sign)]] },
      [sign]: { main: [[to(check)]] },
      [check]: { main: [[to(accept)], [to(refuse)]] },
    },
    settings: { executionOrder: "v1" },
  };
}

function node(name: string, type: string, typeVersion: number, column: number, parameters: object) {
  const id = crypto.randomUUID();
  const position = [column * 240, name === refuse ? 160 : 0];
  const webhookId = type === "webhook" ? { webhookId: id } : {};
  return { id, name, type: `n8n-nodes-base.${type}`, typeVersion, position, parameters, ...webhookId };
}

const to = (target: string) => ({ node: target, type: "main", index: 0 });
