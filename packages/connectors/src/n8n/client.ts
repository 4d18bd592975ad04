import * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import { unlessGone } from "../owned.ts";
import type { VendorHttp } from "../vendor-http.ts";

const id = z.string().regex(/^[\w-]{1,200}$/);
const named = z.object({ id, name: z.string(), type: z.string().optional() });
export type Named = z.output<typeof named>;

const workflow = z.object({
  id,
  name: z.string(),
  active: z.boolean(),
  isArchived: z.boolean().default(false),
  createdAt: z.string(),
  nodes: z.array(
    z.object({ type: z.string(), parameters: z.object({ path: z.unknown() }).catch({ path: "" }) }),
  ),
  tags: z.array(z.object({ id })).default([]),
});
export type Workflow = z.output<typeof workflow>;

const nothing = z.unknown();

/** Creates a client with the calls of n8n's public API that the connector uses. */
export function createN8nClient(http: VendorHttp) {
  async function all<Item>(
    request: { operation: string; path: string; query?: Record<string, string> },
    item: z.ZodType<Item>,
    signal: AbortSignal,
    keep: (item: Item) => boolean = () => true,
  ): Promise<Item[]> {
    const response = z.object({ data: z.array(item), nextCursor: z.string().nullish() });
    const kept: Item[] = [];
    let cursor: string | undefined;
    for (;;) {
      const query = { ...request.query, limit: 250, cursor };
      const { data, nextCursor } = await http({ ...request, query, response, signal });
      kept.push(...data.filter(keep));
      if (!nextCursor) return kept;
      // A page that names itself as the next would never end.
      if (nextCursor === cursor) break;
      cursor = nextCursor;
    }
    const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
    throw new ConnectorError({ vendor: "n8n", operation: request.operation, ...problem });
  }
  const post = (operation: string, path: string, json: unknown, signal: AbortSignal) =>
    http({ operation, method: "POST", path, json, response: named, signal });
  const remove = (operation: string, path: string, signal: AbortSignal) =>
    unlessGone(http({ operation, method: "DELETE", path, response: nothing, signal }));

  return {
    tags: (keep: (tag: Named) => boolean, signal: AbortSignal) =>
      all({ operation: "tag.list", path: "/tags" }, named, signal, keep),
    tag: (tagId: string, signal: AbortSignal) =>
      unlessGone(http({ operation: "tag.read", path: `/tags/${tagId}`, response: named, signal })),
    /** Resolves to undefined when the licence has no projects. */
    async projects(keep: (project: Named) => boolean, signal: AbortSignal): Promise<Named[] | undefined> {
      return all({ operation: "project.list", path: "/projects" }, named, signal, keep).catch((thrown) => {
        if (ConnectorError.isInstance(thrown) && thrown.kind === "licence") return undefined;
        throw thrown;
      });
    },
    /** Matches part of a name, ignoring case, so that the caller has to compare names. */
    workflows: (query: Record<string, string>, signal: AbortSignal) =>
      all({ operation: "workflow.list", path: "/workflows", query }, workflow, signal),
    /** Reads one workflow at most, as a check of the credential. */
    firstWorkflow: (signal: AbortSignal) => {
      const request = { operation: "workflow.list", path: "/workflows", query: { limit: 1 } };
      return http({ ...request, response: z.object({ data: z.array(nothing) }), signal });
    },
    createTag: (name: string, signal: AbortSignal) => post("tag.create", "/tags", { name }, signal),
    createProject: (name: string, signal: AbortSignal) =>
      post("project.create", "/projects", { name }, signal),
    renameTag: (tagId: string, name: string, signal: AbortSignal) =>
      http({
        operation: "tag.rename",
        method: "PUT",
        path: `/tags/${tagId}`,
        json: { name },
        response: named,
        signal,
      }),
    renameProject: (projectId: string, name: string, signal: AbortSignal) => {
      const request = { operation: "project.rename", method: "PUT", path: `/projects/${projectId}` } as const;
      return http({ ...request, json: { name }, response: nothing, signal });
    },
    createWorkflow: (json: object, signal: AbortSignal) =>
      http({
        operation: "workflow.create",
        method: "POST",
        path: "/workflows",
        json,
        response: workflow,
        signal,
      }),
    setTags: (workflowId: string, tags: readonly string[], signal: AbortSignal) => {
      const json = tags.map((tag) => ({ id: tag }));
      const request = {
        operation: "workflow.tag",
        method: "PUT",
        path: `/workflows/${workflowId}/tags`,
      } as const;
      return http({ ...request, json, response: nothing, signal });
    },
    switchWorkflow: (workflowId: string, how: "activate" | "deactivate", signal: AbortSignal) => {
      const request = { operation: `workflow.${how}`, method: "POST", json: {} } as const;
      return http({ ...request, path: `/workflows/${workflowId}/${how}`, response: nothing, signal });
    },
    /** Restores an archived workflow, which stays inactive. An n8n of before March 2026 has no such call: `not_found`. */
    unarchiveWorkflow: (workflowId: string, signal: AbortSignal) => {
      const request = { operation: "workflow.unarchive", method: "POST", response: nothing } as const;
      return http({ ...request, path: `/workflows/${workflowId}/unarchive`, signal });
    },
    deleteWorkflow: (workflowId: string, signal: AbortSignal) =>
      remove("workflow.delete", `/workflows/${workflowId}`, signal),
    deleteTag: (tagId: string, signal: AbortSignal) => remove("tag.delete", `/tags/${tagId}`, signal),
    deleteProject: (projectId: string, signal: AbortSignal) =>
      remove("project.delete", `/projects/${projectId}`, signal),
  };
}
export type N8nClient = ReturnType<typeof createN8nClient>;
