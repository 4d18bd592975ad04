import type { ResourceId, Subject } from "./connector.ts";
import type { N8nCalls, Named } from "./n8n-calls.ts";
import { tenantKey, tenantOfKey } from "./tenant-key.ts";

/** A tag or a project, and whose it is by its name. */
export type Container = { id: ResourceId<"n8n">; name: string; tenantId: string | undefined };

/** A tenant's tag, and the first word of its project's name: 24 characters, as many as a tag's name may have. */
export const keyOf = (tenantId: string) => `t:${tenantKey(tenantId)}`;
const tenantOf = (key: string) => (key.startsWith("t:") ? tenantOfKey(key.slice(2)) : undefined);

/** A tag's name is the key alone. */
export function nameOf({ tenantId, businessName }: Subject, id: string): string {
  return id.startsWith("tag:") ? keyOf(tenantId) : `${keyOf(tenantId)} ${businessName}`;
}

export async function containersOf(calls: N8nCalls, signal: AbortSignal): Promise<Container[]> {
  return (await tagsAndProjects(calls, signal)).containers;
}

async function tagsAndProjects(calls: N8nCalls, signal: AbortSignal) {
  const [tags, projects] = await Promise.all([calls.tags(signal), calls.projects(signal)]);
  const containers = [...tags.map(asTag), ...(projects ?? []).map(asProject)];
  return { containers, hasProjects: projects !== undefined };
}

export async function containerOf(
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

/** The tenant's tag or project, made where there is none: a project where the licence has them. */
export async function containerFor(
  calls: N8nCalls,
  subject: Subject,
  signal: AbortSignal,
): Promise<Container> {
  const { containers, hasProjects } = await tagsAndProjects(calls, signal);
  const existing = containers.find(({ tenantId }) => tenantId === subject.tenantId);
  if (existing) return existing;
  if (hasProjects) {
    return asProject(await calls.createProject(nameOf(subject, "project:"), signal));
  }
  return asTag(await calls.createTag(nameOf(subject, "tag:"), signal));
}
