import { unclaimable } from "../claim.ts";
import type { ResourceId, Subject } from "../connector.ts";
import { tenantKey, tenantOfKey } from "../tenant-key.ts";
import type { N8nCalls, Named } from "./client.ts";

/** A tag or a project, and whose it is by its name. */
export type Container = {
  id: ResourceId<"n8n">;
  name: string;
  tenantId: string | undefined;
  /** Whether it is a user's own project, which the API does not rename. */
  isPersonal: boolean;
};

/** A project's name has so many characters at most. */
const maxProjectName = 255;

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
  return { id: `tag:${id}`, name, tenantId: tenantOf(name), isPersonal: false };
}

function asProject({ id, name, type }: Named): Container {
  const tenantId = tenantOf(name.split(" ", 1)[0] ?? "");
  return { id: `project:${id}`, name, tenantId, isPersonal: type === "personal" };
}

/**
 * Names a tag or a project as the tenant's. A project keeps its name behind the key. A tag cannot: the key is as long as
 * a tag's name may be. The workflows of either stay in it.
 */
export async function markContainer(
  calls: N8nCalls,
  { id, name, isPersonal }: Container,
  tenantId: string,
  signal: AbortSignal,
): Promise<void> {
  const [kind, vendorId = ""] = id.split(":");
  const key = keyOf(tenantId);
  if (kind === "tag") {
    await calls.renameTag(vendorId, key, signal);
    return;
  }
  if (isPersonal) throw unclaimable("n8n", "choose_another_resource");
  const marked = `${key} ${name}`;
  if (marked.length > maxProjectName) throw unclaimable("n8n", "clear_mark_field");
  await calls.renameProject(vendorId, marked, signal);
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
