import * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import { type Clock, systemClock } from "../system-clock.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import { signatureHeaders, workflowSecret } from "./signature.ts";

export type Delivery = {
  tenantId: string;
  /** The path of a webhook that is registered for the tenant. */
  path: string;
  /** The same for the same delivery sent again, so that a workflow can tell. */
  deliveryId: string;
  payload: unknown;
};

/**
 * Calls a tenant's workflow, signed by Standard Webhooks; resolves to what it answers with 2xx, as JSON. Rejects with
 * `not_found` when no active workflow has the path. Is not sent again by itself, but for an n8n that is only just
 * activating the workflow and has run nothing.
 */
export type Trigger = (delivery: Delivery, signal: AbortSignal) => Promise<{ data: unknown }>;

// A tool has 30 s: whoever waits is to hear that it was n8n.
const timeoutMs = 25_000;
const activationLooks = 4;

export function createTrigger(
  { url, webhookSecret }: { url: string; webhookSecret: string },
  { clock = systemClock, ...options }: ConnectorOptions & { clock?: Clock },
): Trigger {
  const http = createVendorHttp("n8n", { url: `${url}/webhook`, headers: {}, classify }, options);
  return async ({ tenantId, path, deliveryId, payload }, signal) => {
    const body = JSON.stringify(payload ?? {});
    const secret = workflowSecret(webhookSecret, tenantId);
    const ask = {
      operation: "webhook.call",
      method: "POST",
      path: `/${path.split("/").map(encodeURIComponent).join("/")}`,
      body,
      answer: z.unknown(),
      timeoutMs,
      signal,
    } as const;
    for (let look = 1; ; look++) {
      try {
        const headers = signatureHeaders(secret, { deliveryId, body, now: clock.now() });
        // biome-ignore lint/performance/noAwaitInLoops: one look after the other.
        return { data: (await http({ ...ask, headers })) ?? null };
      } catch (thrown) {
        const isActivating = ConnectorError.isInstance(thrown) && thrown.kind === "not_found";
        if (!isActivating || look === activationLooks) throw thrown;
        await clock.sleep(500, signal);
      }
    }
  };
}

const classify: Classify = (status) =>
  status === 404 ? { kind: "not_found", remedy: "check_recorded_id" } : undefined;
