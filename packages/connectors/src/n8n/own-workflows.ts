import type { ResourceId } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import type { Clock } from "../system-clock.ts";
import type { N8nClient, Workflow } from "./client.ts";
import { keyOf } from "./containers.ts";
import { webhookPath } from "./events-workflow.ts";

const maxDeletionAttempts = 8;

/** Resolves to all workflows with the tag or in the project. */
export function containedWorkflows(
  calls: N8nClient,
  { id, name }: { id: ResourceId<"n8n">; name: string },
  signal: AbortSignal,
): Promise<Workflow[]> {
  const [kind, vendorId = ""] = id.split(":");
  const query: Record<string, string> = kind === "tag" ? { tags: name } : { projectId: vendorId };
  return calls.workflows(query, signal);
}

/**
 * Resolves to the tenant's workflows that the connector created: the active one, of which there is at most one, then the
 * oldest, then those that are archived.
 */
export async function ownWorkflows(
  calls: N8nClient,
  container: { id: ResourceId<"n8n">; name: string },
  tenantId: string,
  signal: AbortSignal,
): Promise<Workflow[]> {
  const isOwn = hasWebhook(webhookPath(tenantId));
  const named = (await calls.workflows({ name: keyOf(tenantId) }, signal)).filter(isOwn);
  // A workflow that was renamed is still in the tag or project.
  const found = named.length > 0 ? named : (await containedWorkflows(calls, container, signal)).filter(isOwn);
  return found.sort(
    (one, other) =>
      Number(other.active) - Number(one.active) ||
      Number(one.isArchived) - Number(other.isArchived) ||
      one.createdAt.localeCompare(other.createdAt) ||
      (one.id < other.id ? -1 : 1),
  );
}

/** Returns whether a workflow has a webhook at the path. */
export const hasWebhook =
  (path: string) =>
  ({ nodes }: Workflow): boolean =>
    nodes.some((node) => node.type === "n8n-nodes-base.webhook" && node.parameters.path === path);

/**
 * Restores a workflow that is archived, so that it can be changed and activated. Rejects with `check_vendor_version` where
 * n8n's API cannot do that.
 */
export async function restoreWorkflow(
  calls: N8nClient,
  { id, isArchived }: Workflow,
  signal: AbortSignal,
): Promise<void> {
  if (!isArchived) return;
  try {
    await calls.unarchiveWorkflow(id, signal);
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown) || thrown.kind !== "not_found") throw thrown;
    const { vendor, operation, status, outcome } = thrown;
    const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
    throw new ConnectorError({ vendor, operation, status, outcome, ...problem });
  }
}

/** Deletes a workflow. Retries, because n8n refuses deletion of an active workflow until some time after its deactivation. */
export async function removeWorkflow(
  calls: N8nClient,
  { id, active }: Workflow,
  clock: Clock,
  signal: AbortSignal,
) {
  if (active) await calls.switchWorkflow(id, "deactivate", signal);
  for (let attempt = 1; ; attempt++) {
    try {
      return await calls.deleteWorkflow(id, signal);
    } catch (thrown) {
      const isSettling = ConnectorError.isInstance(thrown) && thrown.remedy === "wait_and_retry";
      if (!isSettling || attempt === maxDeletionAttempts) throw thrown;
      await clock.sleep(300, signal);
    }
  }
}
