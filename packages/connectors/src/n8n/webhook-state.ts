import type { N8nClient } from "./client.ts";
import { containersOf, keyOf } from "./containers.ts";
import { containedWorkflows, hasWebhook } from "./own-workflows.ts";

/**
 * Resolves to whether the tenant's workflow with a webhook at the path is switched on, and to undefined when the tenant has
 * none.
 */
export type WebhookState = (
  webhook: { tenantId: string; path: string },
  signal: AbortSignal,
) => Promise<"on" | "off" | undefined>;

/** Creates the look-up, which reads the workflows of the tenant's tags and projects and those that have its key in the name. */
export function createWebhookState(calls: N8nClient): WebhookState {
  return async ({ tenantId, path }, signal) => {
    const containers = await containersOf(calls, tenantId, signal);
    const workflows = await Promise.all([
      calls.workflows({ name: keyOf(tenantId) }, signal),
      ...containers.map((container) => containedWorkflows(calls, container, signal)),
    ]);
    const found = workflows.flat().filter(hasWebhook(path));
    if (found.length === 0) return undefined;
    return found.some(({ active }) => active) ? "on" : "off";
  };
}
