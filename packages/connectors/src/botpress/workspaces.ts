import * as z from "zod";
import { createClaim, unclaimable } from "../claim.ts";
import type { Resource, ResourceId, Subject } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import type { Creation } from "../creation.ts";
import { unlessGone } from "../owned.ts";
import { tenantIdIn } from "../tenant-key.ts";
import { type VendorHttp, within } from "../vendor-http.ts";
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
 * Creates the operations on a tenant's workspace. Botpress sets name and handle in two calls, so both contain the
 * tenant's id: a workspace without a handle is found by the end of its name.
 */
export function botpressWorkspaces(http: VendorHttp) {
  async function find({ tenantId }: Subject, signal: AbortSignal): Promise<Resource<"botpress">[]> {
    const request = { operation: "workspace.list", path, response: list, signal };
    const open = (page: z.output<typeof list>) => ({ items: page.workspaces, next: page.meta.nextToken });
    const own = await allPages(http, request, open, (found) => tenantOf(found) === tenantId);
    return own
      .sort((some, other) => some.createdAt.localeCompare(other.createdAt) || (some.id < other.id ? -1 : 1))
      .map(asResource);
  }

  function load(id: string, signal: AbortSignal) {
    const request = { operation: "workspace.read", path: `${path}/${id}`, response: workspace, signal };
    return unlessGone(http(request));
  }

  async function setHandle(http: VendorHttp, id: string, tenantId: string, signal: AbortSignal) {
    const json = { handle: handleOf(tenantId) };
    const request = {
      operation: "workspace.set_handle",
      method: "PUT",
      path: `${path}/${id}`,
      json,
    } as const;
    await http({ ...request, response: z.unknown(), signal });
  }

  return {
    nameOf,
    find,
    async create(
      subject: Subject,
      signal: AbortSignal,
      creation: Creation,
      unfinished?: Resource<"botpress">,
    ): Promise<ResourceId<"botpress">> {
      const changing = within(creation, http);
      if (unfinished) {
        await setHandle(changing, unfinished.id.slice("workspace:".length), subject.tenantId, signal);
        return unfinished.id;
      }
      await requireFreeHandle(http, subject.tenantId, signal);
      const json = { name: nameOf(subject) };
      const request = {
        operation: "workspace.create",
        method: "POST",
        path,
        json,
        response: workspace,
      } as const;
      const { id } = await changing({ ...request, signal });
      await setHandle(changing, id, subject.tenantId, signal);
      return `workspace:${id}`;
    },
    async read(id: string, signal: AbortSignal) {
      const found = await load(id, signal);
      return found && asResource(found);
    },
    claim: createClaim({
      vendor: "botpress",
      load: (id: ResourceId<"botpress">, signal) => load(id.slice("workspace:".length), signal),
      asResource,
      async mark({ id, handle }, tenantId, signal) {
        // A workspace has one handle, which is part of its addresses.
        if (handle) throw unclaimable("botpress", "clear_mark_field");
        await requireFreeHandle(http, tenantId, signal);
        await setHandle(http, id, tenantId, signal);
      },
    }),
    async remove(id: string, signal: AbortSignal) {
      const request = { path: `${path}/${id}`, signal } as const;
      if ((await load(id, signal))?.botCount) {
        const problem = { kind: "conflict", remedy: "remove_contents" } as const;
        throw new ConnectorError({ vendor: "botpress", operation: "workspace.delete", ...problem });
      }
      const call = { operation: "workspace.delete", method: "DELETE", response: z.unknown() } as const;
      await unlessGone(http({ ...call, ...request }));
    },
  };
}

async function requireFreeHandle(http: VendorHttp, tenantId: string, signal: AbortSignal) {
  const { available } = await http({
    operation: "workspace.handle",
    method: "PUT",
    path: `${path}/handle-availability`,
    json: { handle: handleOf(tenantId) },
    reads: true,
    response: z.object({ available: z.boolean() }),
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
  // A handle or name that a person chose may have the same prefix or suffix.
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
