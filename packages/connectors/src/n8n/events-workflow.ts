import type { Subject } from "../connector.ts";

/** Name of a tenant's first workflow, for registering and triggering it. */
export const eventsWorkflow = "events";

/** Returns the path of a tenant's webhook. It contains the tenant's id and identifies the workflow. */
export const webhookPath = (tenantId: string) => `smarteros/${tenantId}/events`;

/** Returns a name that contains the key, so that a search by name finds the workflow without other data. */
const workflowName = (businessName: string, key: string) => `${businessName.slice(0, 90)} [${key}]`;

const receive = "Webhook";
const read = "Body as sent";
const sign = "Expected signature";
const check = "Signed and fresh?";
const accept = "Accept";
const refuse = "Refuse";

/**
 * Creates the first workflow of a tenant: it receives a delivery, verifies that its signature is valid and at most five
 * minutes old, and responds 200 or 401. The business inserts its own nodes between the check and the response. The signature
 * is that of the body as it was sent, because n8n changes keys such as `constructor` when it parses a body.
 */
export function createEventsWorkflow(subject: Subject, key: string, secret: string) {
  const head = (name: string) => `$('${receive}').item.json.headers['${name}']`;
  const signed = `${head("webhook-id")} + '.' + ${head("webhook-timestamp")} + '.' + $json.raw`;
  const fresh = `Math.abs(Date.now() / 1000 - Number(${head("webhook-timestamp")})) <= 300`;
  return {
    name: workflowName(subject.businessName, key),
    nodes: [
      node(receive, "webhook", 2, 0, {
        httpMethod: "POST",
        path: webhookPath(subject.tenantId),
        responseMode: "responseNode",
        options: { rawBody: true },
      }),
      node(read, "extractFromFile", 1, 1, {
        operation: "text",
        binaryPropertyName: "data",
        destinationKey: "raw",
        options: { encoding: "utf8", stripBOM: false, keepSource: "json" },
      }),
      node(sign, "crypto", 1, 2, {
        action: "hmac",
        type: "SHA256",
        value: `={{ ${signed} }}`,
        secret,
        encoding: "base64",
        dataPropertyName: "expected",
      }),
      node(check, "if", 2, 3, {
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
      node(accept, "respondToWebhook", 1.1, 4, {
        respondWith: "json",
        responseBody: `={{ { ok: true, deliveryId: ${head("webhook-id")} } }}`,
        options: {},
      }),
      node(refuse, "respondToWebhook", 1.1, 4, {
        respondWith: "json",
        responseBody: "={{ { ok: false } }}",
        options: { responseCode: 401 },
      }),
    ],
    connections: {
      [receive]: { main: [[to(read)]] },
      [read]: { main: [[to(sign)]] },
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
