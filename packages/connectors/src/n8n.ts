import * as z from "zod";
import { type Connector, type Resource, type ResourceId, resourceId, type Subject } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import { type N8nCalls, type Named, n8nCalls, type Workflow } from "./n8n-calls.ts";
import { workflowSecret } from "./n8n-signature.ts";
import { createTrigger, type Trigger } from "./n8n-trigger.ts";
import { eventsWorkflow, eventsWorkflowOf, webhookPath } from "./n8n-workflow.ts";
import { readOwned, requireOwned } from "./owned.ts";
import { probe } from "./probe.ts";
import { type Clock, systemClock } from "./system-clock.ts";
import { tenantKey, tenantOfKey } from "./tenant-key.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "./vendor-http.ts";

export type N8nSettings = {
  url: string;
  apiKey: string;
  /** Signs what is sent to workflows: 32 characters or more. */
  webhookSecret: string;
};
export type N8nConnector = Connector<"n8n"> & { trigger: Trigger };

/**
 * A project per tenant where the licence has projects, else a tag, and in it one workflow with a signed webhook. A
 * project is known by the first word of its name, a tag by its whole name, the workflow by its webhook's path.
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
  const calls = n8nCalls(createVendorHttp(vendor, base, options));
  const open = createVendorHttp(vendor, { url, headers: {} }, options);

  const read: Connector<"n8n">["read"] = async (id, signal) => {
    // What is recorded comes from outside, and part of it goes into a path.
    if (!resourceId.n8n.safeParse(id).success) return undefined;
    const container = await containerOf(calls, id, signal);
    return container && resourceOf(calls, container, signal);
  };
  const switchTo = async (how: "activate" | "deactivate", ...[id, tenantId, signal]: SwitchArguments) => {
    await requireOwned({ vendor, read }, id, tenantId, signal);
    const [ours] = await ownWorkflows(calls, tenantId, signal);
    if (ours) await calls.switchWorkflow(ours.id, how, signal);
    return "done" as const;
  };

  return {
    vendor,
    read,
    trigger: createTrigger({ url, webhookSecret }, options),
    async find({ tenantId }, signal) {
      const containers = await containersOf(calls, signal);
      const own = containers.filter((container) => container.tenantId === tenantId);
      return Promise.all(own.map((container) => resourceOf(calls, container, signal)));
    },
    async create(subject, signal) {
      const key = keyOf(subject.tenantId);
      const container = await containerFor(calls, subject, signal);
      const [kind, containerId = ""] = container.id.split(":");
      let [workflow] = await ownWorkflows(calls, subject.tenantId, signal);
      if (!workflow) {
        const secret = workflowSecret(webhookSecret, subject.tenantId);
        const json = eventsWorkflowOf(subject, key, secret);
        const place = kind === "project" ? { projectId: containerId } : {};
        workflow = await calls.createWorkflow({ ...json, ...place }, signal);
      }
      const tags = workflow.tags.map((tag) => tag.id);
      if (kind === "tag" && !tags.includes(containerId)) {
        await calls.setTags(workflow.id, [...tags, containerId], signal);
      }
      await calls.switchWorkflow(workflow.id, "activate", signal);
      return container.id;
    },
    enable: (...of) => switchTo("activate", ...of),
    disable: (...of) => switchTo("deactivate", ...of),
    async remove(id, tenantId, signal) {
      const resource = await readOwned({ vendor, read }, id, tenantId, signal);
      if (!resource) return "removed";
      const [kind, containerId = ""] = id.split(":");
      const query: Record<string, string> =
        kind === "tag" ? { tags: resource.name } : { projectId: containerId };
      const [held, own] = await Promise.all([
        calls.workflows(query, signal),
        ownWorkflows(calls, tenantId, signal),
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
      const answer = z.object({ status: z.literal("ok") });
      const [process, credential] = await Promise.all([
        probe(() => open({ operation: "process", path: "/healthz/readiness", answer, signal })),
        probe(() => calls.workflows({ name: "smarteros" }, signal)),
      ]);
      return { process, credential };
    },
  };
}

type SwitchArguments = Parameters<Connector<"n8n">["enable"]>;
type Container = { id: ResourceId<"n8n">; name: string; tenantId: string | undefined };

const deletionLooks = 8;

const keyOf = (tenantId: string) => `t:${tenantKey(tenantId)}`;
const tenantOf = (key: string) => (key.startsWith("t:") ? tenantOfKey(key.slice(2)) : undefined);

async function containersOf(calls: N8nCalls, signal: AbortSignal): Promise<Container[]> {
  const [tags, projects = []] = await Promise.all([calls.tags(signal), calls.projects(signal)]);
  return [...tags.map(asTag), ...projects.map(asProject)];
}

async function containerOf(
  calls: N8nCalls,
  id: ResourceId<"n8n">,
  signal: AbortSignal,
): Promise<Container | undefined> {
  const [kind, vendorId = ""] = id.split(":");
  if (kind === "tag") {
    const tag = await calls.tag(vendorId, signal);
    return tag && asTag(tag);
  }
  const project = (await calls.projects(signal))?.find((one) => one.id === vendorId);
  return project && asProject(project);
}

function asTag({ id, name }: Named): Container {
  return { id: `tag:${id}`, name, tenantId: tenantOf(name) };
}

function asProject({ id, name }: Named): Container {
  return { id: `project:${id}`, name, tenantId: tenantOf(name.split(" ", 1)[0] ?? "") };
}

async function containerFor(calls: N8nCalls, subject: Subject, signal: AbortSignal): Promise<Container> {
  const existing = (await containersOf(calls, signal)).find(({ tenantId }) => tenantId === subject.tenantId);
  if (existing) return existing;
  const key = keyOf(subject.tenantId);
  if (await calls.projects(signal)) {
    return asProject(await calls.createProject(`${key} ${subject.businessName}`, signal));
  }
  return asTag(await calls.createTag(key, signal));
}

/** The tenant's workflows as they were made here, the oldest first: of two only one can be active. */
async function ownWorkflows(calls: N8nCalls, tenantId: string, signal: AbortSignal): Promise<Workflow[]> {
  const path = webhookPath(tenantId);
  const named = await calls.workflows({ name: keyOf(tenantId) }, signal);
  return named
    .filter(({ nodes }) =>
      nodes.some((node) => node.type === "n8n-nodes-base.webhook" && node.parameters.path === path),
    )
    .sort((one, other) => one.createdAt.localeCompare(other.createdAt) || (one.id < other.id ? -1 : 1));
}

/** n8n refuses to delete what is active, and goes on refusing for a moment after it said that it is not. */
async function removeWorkflow(calls: N8nCalls, { id, active }: Workflow, clock: Clock, signal: AbortSignal) {
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

async function resourceOf(
  calls: N8nCalls,
  { id, name, tenantId }: Container,
  signal: AbortSignal,
): Promise<Resource<"n8n">> {
  const [ours, ...others] = tenantId ? await ownWorkflows(calls, tenantId, signal) : [];
  const isHeld = id.startsWith("project:") || ours?.tags.some((tag) => `tag:${tag.id}` === id);
  const whole = ours?.active ? "active" : "disabled";
  return {
    id,
    tenantId,
    name,
    state: ours && isHeld ? whole : "incomplete",
    leftovers: others.map((other) => `workflow:${other.id}`),
    webhooks: ours && tenantId ? [{ workflow: eventsWorkflow, path: webhookPath(tenantId) }] : [],
  };
}

const refusal = z.object({ message: z.string() });

const classify: Classify = (status, body) => {
  const said = refusal.safeParse(body).data?.message ?? "";
  if (status === 403 && said.startsWith("Your license does not allow")) {
    return { kind: "licence", remedy: "upgrade_licence" };
  }
  if (status === 409 && said.startsWith("Workflow is still being unpublished")) {
    return { kind: "unavailable", remedy: "wait_and_retry" };
  }
  return undefined;
};
