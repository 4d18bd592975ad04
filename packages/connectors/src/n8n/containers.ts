import { unclaimable } from "../claim.ts";
import type { ResourceId, Subject } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { tenantKey, tenantOfKey } from "../tenant-key.ts";
import type { N8nClient, Named } from "./client.ts";

/** A tag or a project with the tenant that its name identifies. */
export type Container = {
  id: ResourceId<"n8n">;
  name: string;
  tenantId: string | undefined;
  /** True for a user's personal project, which the API does not rename. */
  isPersonal: boolean;
};

/** Maximum characters of a project's name. */
const maxProjectName = 255;

/** Returns the name of a tenant's tag, which is also the first word of its project's name: 24 characters, the maximum of a tag. */
export const keyOf = (tenantId: string) => `t:${tenantKey(tenantId)}`;
const tenantOf = (key: string) => (key.startsWith("t:") ? tenantOfKey(key.slice(2)) : undefined);

/** Returns the name of a tenant's tag, which is the key, or project, which is the key and the business name. */
export function nameOf({ tenantId, businessName }: Subject, id: string): string {
  return id.startsWith("tag:") ? keyOf(tenantId) : `${keyOf(tenantId)} ${businessName}`;
}

/** Resolves to the tenant's tags and projects. */
export async function containersOf(
  calls: N8nClient,
  tenantId: string,
  signal: AbortSignal,
): Promise<Container[]> {
  return (await tagsAndProjects(calls, tenantId, signal)).containers;
}

async function tagsAndProjects(calls: N8nClient, tenantId: string, signal: AbortSignal) {
  const [tags, projects] = await Promise.all([
    calls.tags((tag) => asTag(tag).tenantId === tenantId, signal),
    calls.projects((project) => asProject(project).tenantId === tenantId, signal),
  ]);
  const containers = [...tags.map(asTag), ...(projects ?? []).map(asProject)];
  return { containers, hasProjects: projects !== undefined };
}

export async function containerOf(
  calls: N8nClient,
  id: ResourceId<"n8n">,
  signal: AbortSignal,
): Promise<Container | undefined> {
  const [kind, vendorId = ""] = id.split(":");
  if (kind === "tag") {
    const tag = await calls.tag(vendorId, signal);
    return tag && asTag(tag);
  }
  const [project] = (await calls.projects(({ id: one }) => one === vendorId, signal)) ?? [];
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
 * Renames a tag or a project to mark it with the tenant's key. A project retains its name after the key. The name of a tag
 * is replaced, because the key has the maximum length of a tag. The workflows stay in the tag or project.
 */
export async function markContainer(
  calls: N8nClient,
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

/**
 * Resolves to the tenant's tag or project. Creates one by `changing` if there is none: a project if the licence has
 * projects.
 */
export async function containerFor(
  calls: N8nClient,
  changing: N8nClient,
  subject: Subject,
  signal: AbortSignal,
): Promise<Container> {
  const { containers, hasProjects } = await tagsAndProjects(calls, subject.tenantId, signal);
  const [existing] = containers;
  if (existing) return existing;
  if (hasProjects) {
    return asProject(await changing.createProject(nameOf(subject, "project:"), signal));
  }
  const name = nameOf(subject, "tag:");
  try {
    return asTag(await changing.createTag(name, signal));
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown) || thrown.kind !== "conflict") throw thrown;
    // The name is the tenant's key, so that the tag is the tenant's, also while the list does not show it.
    const [tag] = await calls.tags((one) => one.name === name, signal);
    if (tag) return asTag(tag);
    const { vendor, operation, status, outcome } = thrown;
    const hidden = { kind: "unavailable", remedy: "wait_and_retry" } as const;
    throw new ConnectorError({ vendor, operation, status, outcome, ...hidden });
  }
}
