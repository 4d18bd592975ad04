import * as z from "zod";
import { createClaim } from "../claim.ts";
import { type Connector, type Resource, type ResourceId, resourceId, settleAfterMs } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { readOwned, requireOwned } from "../owned.ts";
import { probe } from "../probe.ts";
import { type Clock, systemClock } from "../system-clock.ts";
import { type Classify, type ConnectorOptions, createVendorHttp, within } from "../vendor-http.ts";
import { createN8nClient, type N8nClient } from "./client.ts";
import {
  type Container,
  containerFor,
  containerOf,
  containersOf,
  keyOf,
  markContainer,
  nameOf,
} from "./containers.ts";
import { createEventsWorkflow, eventsWorkflow, webhookPath } from "./events-workflow.ts";
import { containedWorkflows, ownWorkflows, removeWorkflow, restoreWorkflow } from "./own-workflows.ts";
import type { N8nSettings } from "./settings.ts";
import { workflowSecret } from "./signature.ts";
import { createTrigger, type Trigger } from "./trigger.ts";
import { createWebhookState } from "./webhook-state.ts";

export type N8nConnector = Connector<"n8n"> & { trigger: Trigger };

/**
 * Creates the connector of n8n: a project per tenant if the licence has projects, otherwise a tag, with one workflow that
 * has a signed webhook. A project is identified by the first word of its name, a tag by its name, and the workflow by the
 * path of its webhook.
 */
export function createN8n(
  settings: N8nSettings,
  options: ConnectorOptions & { clock?: Clock } = {},
): N8nConnector {
  const vendor = "n8n";
  const clock = options.clock ?? systemClock;
  const { apiKey, webhookSecret } = settings;
  const url = settings.url.replace(/\/+$/, "");
  const base = { url: `${url}/api/v1`, headers: { "X-N8N-API-KEY": apiKey }, classify };
  const http = createVendorHttp(vendor, base, options);
  const calls = createN8nClient(http);
  const open = createVendorHttp(vendor, { url, headers: {} }, options);

  const load = async (id: ResourceId<"n8n">, signal: AbortSignal) => {
    // Checked because part of the recorded id becomes part of a path.
    if (!resourceId.n8n.safeParse(id).success) return undefined;
    return containerOf(calls, id, signal);
  };
  const read: Connector<"n8n">["read"] = async (id, signal) => {
    const container = await load(id, signal);
    return container && resourceOf(calls, container, signal);
  };
  const switchTo = async (how: "activate" | "deactivate", ...[id, tenantId, signal]: SwitchArguments) => {
    const resource = await requireOwned({ vendor, read }, id, tenantId, signal);
    const [ours] = await ownWorkflows(calls, resource, tenantId, signal);
    if (ours && how === "activate") await restoreWorkflow(calls, ours, signal);
    if (ours) await calls.switchWorkflow(ours.id, how, signal);
    return "done" as const;
  };

  return {
    vendor,
    // The names of tags are unique, but those of projects and workflows are not. Lists read the database that a creation
    // writes to; n8n has no replicas.
    settling: { kind: "consistent_list", settleAfterMs },
    nameOf,
    read,
    trigger: createTrigger({ url, webhookSecret, stateOf: createWebhookState(calls) }, options),
    async find({ tenantId }, signal) {
      const own = await containersOf(calls, tenantId, signal);
      return Promise.all(own.map((container) => resourceOf(calls, container, signal)));
    },
    async create(subject, signal, creation, unfinished) {
      const changing = createN8nClient(within(creation, http));
      const key = keyOf(subject.tenantId);
      const container = unfinished ?? (await containerFor(calls, changing, subject, signal));
      const [kind, containerId = ""] = container.id.split(":");
      let [workflow] = await ownWorkflows(calls, container, subject.tenantId, signal);
      if (!workflow && unfinished && !unfinished.lacksContents) {
        // It was found, so that a list without it is wrong and proves nothing.
        const hidden = { kind: "unavailable", remedy: "wait_and_retry" } as const;
        throw new ConnectorError({ vendor, operation: "workflow.list", ...hidden });
      }
      if (!workflow) {
        const secret = workflowSecret(webhookSecret, subject.tenantId);
        const json = createEventsWorkflow(subject, key, secret);
        const place = kind === "project" ? { projectId: containerId } : {};
        workflow = await changing.createWorkflow({ ...json, ...place }, signal);
      }
      await restoreWorkflow(changing, workflow, signal);
      const tags = workflow.tags.map((tag) => tag.id);
      if (kind === "tag" && !tags.includes(containerId)) {
        await changing.setTags(workflow.id, [...tags, containerId], signal);
      }
      await changing.switchWorkflow(workflow.id, "activate", signal);
      return container.id;
    },
    claim: createClaim({
      vendor,
      load,
      asResource: (container, signal) => resourceOf(calls, container, signal),
      mark: (container, tenantId, signal) => markContainer(calls, container, tenantId, signal),
    }),
    enable: (...of) => switchTo("activate", ...of),
    disable: (...of) => switchTo("deactivate", ...of),
    async remove(id, tenantId, signal) {
      const resource = await readOwned({ vendor, read }, id, tenantId, signal);
      if (!resource) return "removed";
      const [kind, containerId = ""] = id.split(":");
      const [held, own] = await Promise.all([
        containedWorkflows(calls, resource, signal),
        ownWorkflows(calls, resource, tenantId, signal),
      ]);
      if (held.some((workflow) => !own.some((ours) => ours.id === workflow.id))) {
        const problem = { kind: "conflict", remedy: "remove_contents" } as const;
        throw new ConnectorError({ vendor, operation: `${kind}.delete`, ...problem });
      }
      await Promise.all(own.map((workflow) => removeWorkflow(calls, workflow, clock, signal)));
      await (kind === "tag"
        ? calls.deleteTag(containerId, signal)
        : calls.deleteProject(containerId, signal));
      return "removed";
    },
    async health(signal) {
      const response = z.object({ status: z.literal("ok") });
      const [process, credential] = await Promise.all([
        probe(() => open({ operation: "process", path: "/healthz/readiness", response, signal })),
        probe(() => calls.firstWorkflow(signal)),
      ]);
      return { process, credential };
    },
  };
}

type SwitchArguments = Parameters<Connector<"n8n">["enable"]>;

async function resourceOf(
  calls: N8nClient,
  container: Container,
  signal: AbortSignal,
): Promise<Resource<"n8n">> {
  const { id, name, tenantId } = container;
  const [ours, ...others] = tenantId ? await ownWorkflows(calls, container, tenantId, signal) : [];
  const isHeld = id.startsWith("project:") || ours?.tags.some((tag) => `tag:${tag.id}` === id);
  const whole = ours?.active ? "active" : "disabled";
  return {
    id,
    tenantId,
    name,
    state: ours && isHeld ? whole : "incomplete",
    ...(!ours && { lacksContents: true }),
    leftovers: others.map((other) => `workflow:${other.id}`),
    webhooks: ours && tenantId ? [{ workflow: eventsWorkflow, path: webhookPath(tenantId) }] : [],
  };
}

const refusal = z.object({ message: z.string() });

const classify: Classify = (status, body) => {
  const message = refusal.safeParse(body).data?.message ?? "";
  if (status === 403 && message.startsWith("Your license does not allow")) {
    return { kind: "licence", remedy: "upgrade_licence" };
  }
  if (status === 409 && message.startsWith("Workflow is still being unpublished")) {
    return { kind: "unavailable", remedy: "wait_and_retry" };
  }
  // A person archived or restored it between the read and the change.
  if (status === 400 && /^(Cannot \w+ an archived workflow|Workflow is not archived)\.?$/.test(message)) {
    return { kind: "unavailable", remedy: "wait_and_retry" };
  }
  return undefined;
};
