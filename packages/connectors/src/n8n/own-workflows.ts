import type { ResourceId } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import type { Clock } from "../system-clock.ts";
import type { N8nCalls, Workflow } from "./client.ts";
import { keyOf } from "./containers.ts";
import { webhookPath } from "./events-workflow.ts";

const deletionLooks = 8;

/** Everything that has the tag or lies in the project. */
export function heldWorkflows(
  calls: N8nCalls,
  { id, name }: { id: ResourceId<"n8n">; name: string },
  signal: AbortSignal,
): Promise<Workflow[]> {
  const [kind, vendorId = ""] = id.split(":");
  const query: Record<string, string> = kind === "tag" ? { tags: name } : { projectId: vendorId };
  return calls.workflows(query, signal);
}

/** The tenant's workflows as they were made here, the active one first, as only one can be, and then the oldest. */
export async function ownWorkflows(
  calls: N8nCalls,
  container: { id: ResourceId<"n8n">; name: string },
  tenantId: string,
  signal: AbortSignal,
): Promise<Workflow[]> {
  const path = webhookPath(tenantId);
  const isOwn = ({ nodes }: Workflow) =>
    nodes.some((node) => node.type === "n8n-nodes-base.webhook" && node.parameters.path === path);
  const named = (await calls.workflows({ name: keyOf(tenantId) }, signal)).filter(isOwn);
  // One that was renamed is still where it was put.
  const found = named.length > 0 ? named : (await heldWorkflows(calls, container, signal)).filter(isOwn);
  return found.sort(
    (one, other) =>
      Number(other.active) - Number(one.active) ||
      one.createdAt.localeCompare(other.createdAt) ||
      (one.id < other.id ? -1 : 1),
  );
}

/** n8n refuses to delete what is active, and goes on refusing for a moment after it said that it is not. */
export async function removeWorkflow(
  calls: N8nCalls,
  { id, active }: Workflow,
  clock: Clock,
  signal: AbortSignal,
) {
  if (active) await calls.switchWorkflow(id, "deactivate", signal);
  for (let look = 1; ; look++) {
    try {
      // biome-ignore lint/performance/noAwaitInLoops: one look after the other.
      return await calls.deleteWorkflow(id, signal);
    } catch (thrown) {
      const isSettling = ConnectorError.isInstance(thrown) && thrown.remedy === "wait_and_retry";
      if (!isSettling || look === deletionLooks) throw thrown;
      await clock.sleep(300, signal);
    }
  }
}
