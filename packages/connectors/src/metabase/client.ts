import * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import { unlessGone } from "../owned.ts";
import type { VendorHttp } from "../vendor-http.ts";

const id = z.int().positive();
const described = { name: z.string(), description: z.string().nullish() };
const card = z.object({
  id,
  description: z.string().nullish(),
  archived: z.boolean(),
  /** The trash of an archived question. */
  collection_id: z.int().nullish(),
  /** The dashboard that a dashboard question belongs to. */
  dashboard_id: z.int().nullish(),
  creator_id: z.int(),
});
// A text has no card, and of one that the key may not read only the id is shown.
const shownCard = z.object({ id: id.optional(), collection_id: z.int().nullish() });
const dashcard = z.object({
  card_id: z.int().nullish(),
  card: shownCard.nullish(),
  /** Further questions in the same chart, also archived ones. */
  series: z.array(shownCard).nullish(),
});
const dashboard = z.object({
  id,
  ...described,
  archived: z.boolean().nullish(),
  creator_id: z.int().nullish(),
  dashcards: z.array(dashcard).optional(),
});
export type Dashboard = z.output<typeof dashboard>;

// The id of the root collection is "root"; a personal collection has no description.
const collection = z.object({ id, ...described });
const trashedCard = z.object({ id, description: z.string().nullish() });
export type Card = z.output<typeof trashedCard>;
const copied = z.object({ id, uncopied: z.array(z.unknown()).default([]) });
const nothing = z.unknown();

const pageSize = 100;

/** Creates a client with the calls of Metabase's API that the connector uses. */
export function createMetabaseClient(http: VendorHttp) {
  async function allItems<Item>(
    item: z.ZodType<Item>,
    request: {
      operation: string;
      path: string;
      query: Record<string, string | boolean>;
      signal: AbortSignal;
    },
  ): Promise<Item[]> {
    const response = z.object({ data: z.array(item), total: z.int().nullish() });
    const all: Item[] = [];
    for (;;) {
      const query = { ...request.query, limit: pageSize, offset: all.length };
      const { data, total } = await http({ ...request, query, response, isSlow: true });
      all.push(...data);
      if (total == null ? data.length < pageSize : all.length >= total) return all;
      if (data.length === 0) break;
    }
    // The list ended before its own total.
    const problem = { kind: "unknown", remedy: "check_service" } as const;
    throw new ConnectorError({ vendor: "metabase", operation: request.operation, ...problem });
  }

  /**
   * Resolves to the id of the trash, in which archived objects lie. Rejects with `check_vendor_version` before Metabase 0.50,
   * which has none.
   */
  async function trash(signal: AbortSignal): Promise<number> {
    const operation = "collection.trash";
    try {
      return (await http({ operation, path: "/collection/trash", response: z.object({ id }), signal })).id;
    } catch (thrown) {
      const isNone = ConnectorError.isInstance(thrown) && ["not_found", "validation"].includes(thrown.kind);
      if (!isNone) throw thrown;
      const { status, outcome } = thrown;
      const problem = { kind: "validation", remedy: "check_vendor_version", status, outcome } as const;
      throw new ConnectorError({ vendor: "metabase", operation, ...problem });
    }
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
      const request = { operation: "collection.items", path, query: { models: "dashboard" }, signal };
      return allItems(dashboard, request);
    },
    trash,
    /** Resolves to the archived questions with this line in their description. Their own collection is not shown. */
    async trashedCards(mark: string, signal: AbortSignal): Promise<Card[]> {
      const path = `/collection/${await trash(signal)}/items`;
      const lists = ["card", "metric"].map((models) =>
        allItems(trashedCard, { operation: "trash.items", path, query: { models }, signal }),
      );
      return (await Promise.all(lists)).flat().filter(({ description }) => hasLine(description, mark));
    },
    /**
     * Finds dashboards with the tenant's id in their description, in any collection or, `archived`, in the trash, which
     * lists of a collection omit. Uses the in-place engine, because Metabase updates the search index with a delay.
     */
    async dashboardsNaming(tenantId: string, archived: boolean, signal: AbortSignal) {
      const query = { q: tenantId, models: "dashboard", archived, search_engine: "in-place" };
      const request = { operation: "dashboard.search", path: "/search", query, signal };
      const found = await allItems(dashboard, request);
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
    card: (cardId: number, signal: AbortSignal) =>
      unlessGone(http({ operation: "card.read", path: `/card/${cardId}`, response: card, signal })),
    changeCard: (cardId: number, json: object, signal: AbortSignal) => {
      const request = { operation: "card.change", method: "PUT", path: `/card/${cardId}` } as const;
      return unlessGone(http({ ...request, json, response: nothing, signal }));
    },
    deleteCard: (cardId: number, signal: AbortSignal) => {
      const request = { operation: "card.delete", method: "DELETE", path: `/card/${cardId}` } as const;
      return unlessGone(http({ ...request, response: nothing, signal }));
    },
  };
}
export type MetabaseClient = ReturnType<typeof createMetabaseClient>;

const hasLine = (text: string | null | undefined, line: string) =>
  text?.split(/\r?\n/).some((one) => one.trim() === line) ?? false;
