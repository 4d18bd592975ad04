import * as z from "zod";
import { claiming, unclaimable } from "../claim.ts";
import type { Resource, ResourceId, Subject } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { unlessGone } from "../owned.ts";
import { tenantIdIn } from "../tenant-key.ts";
import type { VendorHttp } from "../vendor-http.ts";
import { allPages } from "./pages.ts";

const path = "/v1/admin/workspaces";

const workspace = z.object({
  id: z.string().regex(/^[\w-]{1,200}$/),
  name: z.string(),
  createdAt: z.string(),
  botCount: z.int().optional(),
  handle: z.string().nullish(),
});
type Workspace = z.output<typeof workspace>;
const list = z.object({
  workspaces: z.array(workspace),
  meta: z.object({ nextToken: z.string().nullish() }),
});

/**
 * A tenant's workspace. Creating takes a name alone and the handle is a second call, so the tenant's id stands in both:
 * what was created and never got its handle is found by the end of its name.
 */
export function botpressWorkspaces(http: VendorHttp) {
  async function find({ tenantId }: Subject, signal: AbortSignal): Promise<Resource<"botpress">[]> {
    const ask = { operation: "workspace.list", path, answer: list, signal };
    const all = await allPages(http, ask, (page) => ({ items: page.workspaces, next: page.meta.nextToken }));
    return all
      .filter((found) => tenantOf(found) === tenantId)
      .sort((some, other) => some.createdAt.localeCompare(other.createdAt) || (some.id < other.id ? -1 : 1))
      .map(asResource);
  }

  function look(id: string, signal: AbortSignal) {
    const ask = { operation: "workspace.read", path: `${path}/${id}`, answer: workspace, signal };
    return unlessGone(http(ask));
  }

  async function setHandle(id: string, tenantId: string, signal: AbortSignal) {
    const json = { handle: handleOf(tenantId) };
    const ask = { operation: "workspace.set_handle", method: "PUT", path: `${path}/${id}`, json } as const;
    await http({ ...ask, answer: z.unknown(), signal });
  }

  return {
    nameOf,
    find,
    async create(subject: Subject, signal: AbortSignal): Promise<ResourceId<"botpress">> {
      const unfinished = (await find(subject, signal)).find(({ state }) => state === "incomplete");
      if (unfinished) {
        await setHandle(unfinished.id.slice("workspace:".length), subject.tenantId, signal);
        return unfinished.id;
      }
      await requireFreeHandle(http, subject.tenantId, signal);
      const json = { name: nameOf(subject) };
      const ask = { operation: "workspace.create", method: "POST", path, json, answer: workspace } as const;
      const { id } = await http({ ...ask, signal });
      await setHandle(id, subject.tenantId, signal);
      return `workspace:${id}`;
    },
    async read(id: string, signal: AbortSignal) {
      const found = await look(id, signal);
      return found && asResource(found);
    },
    claim: claiming({
      vendor: "botpress",
      look: (id: ResourceId<"botpress">, signal) => look(id.slice("workspace:".length), signal),
      asResource,
      async mark({ id, handle }, tenantId, signal) {
        // It has one handle, and addresses are made of it.
        if (handle) throw unclaimable("botpress", "clear_mark_field");
        await requireFreeHandle(http, tenantId, signal);
        await setHandle(id, tenantId, signal);
      },
    }),
    async remove(id: string, signal: AbortSignal) {
      const ask = { path: `${path}/${id}`, signal } as const;
      if ((await look(id, signal))?.botCount) {
        const problem = { kind: "conflict", remedy: "remove_contents" } as const;
        throw new ConnectorError({ vendor: "botpress", operation: "workspace.delete", ...problem });
      }
      const call = { operation: "workspace.delete", method: "DELETE", answer: z.unknown() } as const;
      await unlessGone(http({ ...call, ...ask }));
    },
  };
}

async function requireFreeHandle(http: VendorHttp, tenantId: string, signal: AbortSignal) {
  const { available } = await http({
    operation: "workspace.handle",
    method: "PUT",
    path: `${path}/handle-availability`,
    json: { handle: handleOf(tenantId) },
    answer: z.object({ available: z.boolean() }),
    signal,
  });
  if (available) return;
  const problem = { kind: "conflict", remedy: "resolve_name_clash" } as const;
  throw new ConnectorError({ vendor: "botpress", operation: "workspace.handle", ...problem });
}

const handleOf = (tenantId: string) => `t-${tenantId}`;

const nameOf = ({ businessName, tenantId }: Subject) => `${businessName} [${tenantId}]`;

function tenantOf({ handle, name }: Workspace): string | undefined {
  const found = handle ? /^t-(.+)$/.exec(handle) : / \[([^[\]]+)\]$/.exec(name);
  // A person's handle may begin like ours, and a person's name end like it.
  return tenantIdIn(found?.[1] ?? "");
}

function asResource(found: Workspace): Resource<"botpress"> {
  return {
    id: `workspace:${found.id}`,
    tenantId: tenantOf(found),
    name: found.name,
    state: found.handle ? "active" : "incomplete",
    leftovers: [],
    webhooks: [],
  };
}
