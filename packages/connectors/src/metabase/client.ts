import * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import { unlessGone } from "../owned.ts";
import type { VendorHttp } from "../vendor-http.ts";

const id = z.int().positive();
const described = { name: z.string(), description: z.string().nullish() };
const dashboard = z.object({
  id,
  ...described,
  archived: z.boolean().nullish(),
  dashcards: z.array(z.object({ card_id: z.int().nullish() })).optional(),
});
export type Dashboard = z.output<typeof dashboard>;

// The id of the root collection is "root"; a personal collection has no description.
const collection = z.object({ id, ...described });
const items = z.object({ data: z.array(dashboard), total: z.int().nullish() });
const copied = z.object({ id, uncopied: z.array(z.unknown()).default([]) });
const nothing = z.unknown();

const pageSize = 100;

/** Creates a client with the calls of Metabase's API that the connector uses. */
export function createMetabaseClient(http: VendorHttp) {
  async function allItems(request: {
    operation: string;
    path: string;
    query: Record<string, string | boolean>;
    signal: AbortSignal;
  }): Promise<Dashboard[]> {
    const all: Dashboard[] = [];
    for (;;) {
      const query = { ...request.query, limit: pageSize, offset: all.length };
      const { data, total } = await http({ ...request, query, response: items, isSlow: true });
      all.push(...data);
      if (total == null ? data.length < pageSize : all.length >= total) return all;
      if (data.length === 0) break;
    }
    // The list ended before its own total.
    const problem = { kind: "unknown", remedy: "check_service" } as const;
    throw new ConnectorError({ vendor: "metabase", operation: request.operation, ...problem });
  }

  return {
    /** Resolves to the collections with this description. Metabase does not page the list of all collections. */
    collectionsOf: (description: string, signal: AbortSignal) => {
      const select = { keep: (one: unknown) => collection.safeParse(one).data?.description === description };
      const request = { operation: "collection.list", path: "/collection", select, isSlow: true } as const;
      return http({ ...request, response: z.array(collection), signal });
    },
    dashboardsIn(collection: number, signal: AbortSignal) {
      const path = `/collection/${collection}/items`;
      return allItems({ operation: "collection.items", path, query: { models: "dashboard" }, signal });
    },
    /**
     * Finds dashboards with the tenant's id in their description, in any collection or, `archived`, in the trash, which
     * lists of a collection omit. Uses the in-place engine, because Metabase updates the search index with a delay.
     */
    async dashboardsNaming(tenantId: string, archived: boolean, signal: AbortSignal) {
      const query = { q: tenantId, models: "dashboard", archived, search_engine: "in-place" };
      const found = await allItems({ operation: "dashboard.search", path: "/search", query, signal });
      return found.map((item) => ({ ...item, archived }));
    },
    dashboard: (dashboardId: number, signal: AbortSignal) =>
      unlessGone(
        http({ operation: "dashboard.read", path: `/dashboard/${dashboardId}`, response: dashboard, signal }),
      ),
    createCollection: (json: object, signal: AbortSignal) =>
      http({
        operation: "collection.create",
        method: "POST",
        path: "/collection",
        json,
        response: z.object({ id }),
        signal,
      }),
    copyDashboard: (template: number, json: object, signal: AbortSignal) =>
      http({
        operation: "dashboard.copy",
        method: "POST",
        path: `/dashboard/${template}/copy`,
        json: { ...json, is_deep_copy: true },
        response: copied,
        isSlow: true,
        signal,
      }),
    changeDashboard: (dashboardId: number, json: object, signal: AbortSignal) => {
      const request = {
        operation: "dashboard.change",
        method: "PUT",
        path: `/dashboard/${dashboardId}`,
      } as const;
      return http({ ...request, json, response: nothing, signal });
    },
    deleteDashboard: (dashboardId: number, signal: AbortSignal) => {
      const request = {
        operation: "dashboard.delete",
        method: "DELETE",
        path: `/dashboard/${dashboardId}`,
      } as const;
      return unlessGone(http({ ...request, response: nothing, signal }));
    },
  };
}
