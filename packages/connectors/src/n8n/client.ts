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
  createdAt: z.string(),
  nodes: z.array(
    z.object({ type: z.string(), parameters: z.object({ path: z.unknown() }).catch({ path: "" }) }),
  ),
  tags: z.array(z.object({ id })).default([]),
});
export type Workflow = z.output<typeof workflow>;

/** So many pages of 250 are read at most. */
const mostPages = 100;
const nothing = z.unknown();

/** The calls of n8n's public API that a tenant's place there takes. */
export function n8nCalls(http: VendorHttp) {
  async function all<Item>(
    ask: { operation: string; path: string; query?: Record<string, string> },
    item: z.ZodType<Item>,
    signal: AbortSignal,
  ): Promise<Item[]> {
    const answer = z.object({ data: z.array(item), nextCursor: z.string().nullish() });
    const items: Item[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const query = { ...ask.query, limit: 250, cursor };
      // biome-ignore lint/performance/noAwaitInLoops: each page names the next one.
      const { data, nextCursor } = await http({ ...ask, query, answer, signal });
      items.push(...data);
      if (!nextCursor) return items;
      cursor = nextCursor;
    }
    const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
    throw new ConnectorError({ vendor: "n8n", operation: ask.operation, ...problem });
  }
  const post = (operation: string, path: string, json: unknown, signal: AbortSignal) =>
    http({ operation, method: "POST", path, json, answer: named, signal });
  const remove = (operation: string, path: string, signal: AbortSignal) =>
    unlessGone(http({ operation, method: "DELETE", path, answer: nothing, signal }));

  return {
    tags: (signal: AbortSignal) => all({ operation: "tag.list", path: "/tags" }, named, signal),
    tag: (tagId: string, signal: AbortSignal) =>
      unlessGone(http({ operation: "tag.read", path: `/tags/${tagId}`, answer: named, signal })),
    /** Undefined where the licence has no projects. */
    async projects(signal: AbortSignal): Promise<Named[] | undefined> {
      return all({ operation: "project.list", path: "/projects" }, named, signal).catch((thrown) => {
        if (ConnectorError.isInstance(thrown) && thrown.kind === "licence") return undefined;
        throw thrown;
      });
    },
    /** Names are matched in part and in any case: who asks has to compare. */
    workflows: (query: Record<string, string>, signal: AbortSignal) =>
      all({ operation: "workflow.list", path: "/workflows", query }, workflow, signal),
    createTag: (name: string, signal: AbortSignal) => post("tag.create", "/tags", { name }, signal),
    createProject: (name: string, signal: AbortSignal) =>
      post("project.create", "/projects", { name }, signal),
    renameTag: (tagId: string, name: string, signal: AbortSignal) =>
      http({
        operation: "tag.rename",
        method: "PUT",
        path: `/tags/${tagId}`,
        json: { name },
        answer: named,
        signal,
      }),
    renameProject: (projectId: string, name: string, signal: AbortSignal) => {
      const ask = { operation: "project.rename", method: "PUT", path: `/projects/${projectId}` } as const;
      return http({ ...ask, json: { name }, answer: nothing, signal });
    },
    createWorkflow: (json: object, signal: AbortSignal) =>
      http({
        operation: "workflow.create",
        method: "POST",
        path: "/workflows",
        json,
        answer: workflow,
        signal,
      }),
    setTags: (workflowId: string, tags: readonly string[], signal: AbortSignal) => {
      const json = tags.map((tag) => ({ id: tag }));
      const ask = {
        operation: "workflow.tag",
        method: "PUT",
        path: `/workflows/${workflowId}/tags`,
      } as const;
      return http({ ...ask, json, answer: nothing, signal });
    },
    switchWorkflow: (workflowId: string, how: "activate" | "deactivate", signal: AbortSignal) => {
      const ask = { operation: `workflow.${how}`, method: "POST", json: {} } as const;
      return http({ ...ask, path: `/workflows/${workflowId}/${how}`, answer: nothing, signal });
    },
    deleteWorkflow: (workflowId: string, signal: AbortSignal) =>
      remove("workflow.delete", `/workflows/${workflowId}`, signal),
    deleteTag: (tagId: string, signal: AbortSignal) => remove("tag.delete", `/tags/${tagId}`, signal),
    deleteProject: (projectId: string, signal: AbortSignal) =>
      remove("project.delete", `/projects/${projectId}`, signal),
  };
}
export type N8nCalls = ReturnType<typeof n8nCalls>;
