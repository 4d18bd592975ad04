import * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import { type Clock, systemClock } from "../system-clock.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import { signatureHeaders, workflowSecret } from "./signature.ts";

export type Delivery = {
  tenantId: string;
  /** Path of a webhook that is registered for the tenant. */
  path: string;
  /** Identifies the delivery, also when it is sent again, so that a workflow can detect duplicates. */
  deliveryId: string;
  payload: unknown;
};

/**
 * Calls a tenant's workflow, signed by Standard Webhooks, and resolves to its JSON response. Rejects with `not_found` when
 * no active workflow has the path. Retries only on 404, in case n8n is still activating the workflow and has not run it.
 */
export type Trigger = (delivery: Delivery, signal: AbortSignal) => Promise<{ data: unknown }>;

// Below the 30 s of a tool call, so that the error names n8n.
const timeoutMs = 25_000;
const maxActivationAttempts = 4;

export function createTrigger(
  { url, webhookSecret }: { url: string; webhookSecret: string },
  { clock = systemClock, ...options }: ConnectorOptions & { clock?: Clock },
): Trigger {
  const http = createVendorHttp("n8n", { url: `${url}/webhook`, headers: {}, classify }, options);
  return async ({ tenantId, path, deliveryId, payload }, signal) => {
    const body = JSON.stringify(payload ?? {});
    const secret = workflowSecret(webhookSecret, tenantId);
    const request = {
      operation: "webhook.call",
      method: "POST",
      path: `/${path.split("/").map(encodeURIComponent).join("/")}`,
      body,
      response: z.unknown(),
      timeoutMs,
      signal,
    } as const;
    for (let attempt = 1; ; attempt++) {
      try {
        const headers = signatureHeaders(secret, { deliveryId, body, now: clock.now() });
        return { data: (await http({ ...request, headers })) ?? null };
      } catch (thrown) {
        const isActivating = ConnectorError.isInstance(thrown) && thrown.kind === "not_found";
        if (!isActivating || attempt === maxActivationAttempts) throw thrown;
        await clock.sleep(500, signal);
      }
    }
  };
}

const classify: Classify = (status) =>
  status === 404 ? { kind: "not_found", remedy: "check_recorded_id" } : undefined;
