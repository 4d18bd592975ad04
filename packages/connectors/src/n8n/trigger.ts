import { withDeadline } from "@smarteros/core/deadline";
import { failedToConnect } from "@smarteros/core/failed-to-connect";
import * as z from "zod";
import { ConnectorError, type FailureReason } from "../connector-error.ts";
import { type Clock, systemClock } from "../system-clock.ts";
import { type ConnectorOptions, isDeadline } from "../vendor-http.ts";
import { signatureHeaders, workflowSecret } from "./signature.ts";
import type { WebhookState } from "./webhook-state.ts";
import { readWorkflowResponse, type WorkflowResponse } from "./workflow-response.ts";

export type Delivery = {
  tenantId: string;
  /** Path of a webhook that is registered for the tenant. */
  path: string;
  /** Identifies the delivery, also when it is sent again, so that a workflow can detect duplicates. */
  deliveryId: string;
  payload: unknown;
};

/**
 * Calls a tenant's workflow, signed by Standard Webhooks, and resolves to its response, with any status. The workflow
 * runs once: the call is repeated only while n8n responds that it has no such webhook and activates the workflow. Rejects
 * with `switch_on_workflow` when the workflow is switched off, with `check_webhook` when no active workflow has the path,
 * and with `check_service` when nothing was sent. Rejects with `confirm_run` and the outcome `unknown` when the call was
 * sent and no complete response came: the workflow may have run.
 */
export type Trigger = (delivery: Delivery, signal: AbortSignal) => Promise<WorkflowResponse>;

type Target = { url: string; webhookSecret: string; stateOf: WebhookState };
type Options = ConnectorOptions & { clock?: Clock };
type Call = { address: string; body: string; headers: Record<string, string> };

const operation = "webhook.call";
// Below the 30 s of a tool call, so that the error names n8n.
const timeoutMs = 25_000;
const maxActivationAttempts = 4;
const activationPauseMs = 500;

export function createTrigger(
  { url, webhookSecret, stateOf }: Target,
  { clock = systemClock, fetch = globalThis.fetch }: Options,
): Trigger {
  return async ({ tenantId, path, deliveryId, payload }, signal) => {
    const body = JSON.stringify(payload ?? {});
    const secret = workflowSecret(webhookSecret, tenantId);
    const address = `${url}/webhook/${path.split("/").map(encodeURIComponent).join("/")}`;
    for (let attempt = 1; ; attempt++) {
      const headers = signatureHeaders(secret, { deliveryId, body, now: clock.now() });
      const response = await post(fetch, { address, body, headers }, signal);
      if (!isUnregistered(response, path)) return response;
      const state = await stateOf({ tenantId, path }, signal).catch((thrown) => {
        if (signal.aborted) throw thrown;
        return undefined;
      });
      if (state === "off") throw switchedOff();
      if (attempt === maxActivationAttempts) throw notRegistered();
      await clock.sleep(activationPauseMs, signal);
    }
  };
}

/** Sends the call once and reads its response. */
async function post(
  fetch: typeof globalThis.fetch,
  { address, body, headers }: Call,
  caller: AbortSignal,
): Promise<WorkflowResponse> {
  let isSent = false;
  const expired = () => new DOMException("The workflow took too long.", "TimeoutError");
  try {
    return await withDeadline({ milliseconds: timeoutMs, expired, caller }, async (signal) => {
      isSent = true;
      const response = await fetch(address, {
        method: "POST",
        body,
        headers: { Accept: "application/json, text/*;q=0.9, */*;q=0.1", ...contentType, ...headers },
        redirect: "manual",
        signal,
      });
      return readWorkflowResponse(response, signal);
    });
  } catch (thrown) {
    if (isSent && !failedToConnect(thrown)) throw mayHaveRun(reasonOf(thrown, caller));
    if (caller.aborted && !isDeadline(caller.reason)) throw caller.reason;
    const reason = caller.aborted ? "deadline" : "no_connection";
    throw failure({ kind: "unavailable", remedy: "check_service", reason, outcome: "none" });
  }
}

const contentType = { "Content-Type": "application/json" };

function reasonOf(thrown: unknown, caller: AbortSignal): FailureReason {
  if (caller.aborted) return isDeadline(caller.reason) ? "deadline" : "aborted";
  return isDeadline(thrown) ? "timeout" : "no_connection";
}

const message = z.object({ code: z.literal(404), message: z.string() });

/**
 * Returns whether n8n itself refused the call, before any workflow ran: its words name the path. A workflow's own 404 has
 * another body.
 */
function isUnregistered({ status, data }: WorkflowResponse, path: string): boolean {
  const words = status === 404 ? message.safeParse(data).data?.message : undefined;
  return (
    words === `The requested webhook "POST ${path}" is not registered.` ||
    words?.startsWith("This webhook is not registered for POST requests.") === true
  );
}

type Failure = Omit<ConstructorParameters<typeof ConnectorError>[0], "vendor" | "operation">;
const failure = (given: Failure) => new ConnectorError({ vendor: "n8n", operation, ...given });

const mayHaveRun = (reason: FailureReason) =>
  failure({ kind: "unavailable", remedy: "confirm_run", reason, outcome: "unknown" });
const switchedOff = () =>
  failure({ kind: "conflict", remedy: "switch_on_workflow", status: 404, outcome: "none" });
const notRegistered = () =>
  failure({ kind: "not_found", remedy: "check_webhook", status: 404, outcome: "none" });
