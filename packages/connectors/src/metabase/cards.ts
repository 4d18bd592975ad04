import type { Card, Dashboard, MetabaseClient } from "./client.ts";

// A deep copy of a dashboard also copies the ordinary questions on it, into the collection of the copy
// (dashboards_rest/api.clj). Metabase archives and deletes only dashboard questions with their dashboard, so that the ordinary
// ones are left to the connector. An archived question is not shown on its dashboard, nor is its own collection shown. So its
// description carries a mark while it is in the trash.

type Owner = { id: number; tenantId: string };

/**
 * Creates the operations on the ordinary questions that were copied with a tenant's dashboard. `collectionsOf` resolves to the
 * tenant's own collections. Questions elsewhere, such as models, and those of another creator are not touched.
 */
export function metabaseCards(
  calls: MetabaseClient,
  collectionsOf: (tenantId: string, signal: AbortSignal) => Promise<readonly { id: number }[]>,
) {
  /** Resolves to the copied questions that the dashboard shows and that are not archived. */
  async function shown(dashboard: Dashboard, tenantId: string, signal: AbortSignal): Promise<Card[]> {
    const own = new Set((await collectionsOf(tenantId, signal)).map(({ id }) => id));
    const { creator_id: creator, dashcards = [] } = dashboard;
    // Series come first: a series is no longer shown after the question that it is part of.
    const series = dashcards.flatMap((dashcard) => dashcard.series ?? []);
    const near = [...series, ...dashcards.map(({ card }) => card)].flatMap((card) =>
      card?.id !== undefined && own.has(card.collection_id ?? 0) ? [card.id] : [],
    );
    const read = await Promise.all([...new Set(near)].map((id) => calls.card(id, signal)));
    return read.flatMap((card) => {
      if (!card || card.archived || card.dashboard_id != null) return [];
      return card.creator_id === creator ? [card] : [];
    });
  }

  return {
    /**
     * Resolves to the copied questions that the dashboard shows, for `archive`. Rejects with `check_vendor_version` when there
     * are some and Metabase has no trash: archiving would remove them from the dashboard for good.
     */
    async archivable(dashboard: Dashboard, tenantId: string, signal: AbortSignal): Promise<Card[]> {
      const cards = await shown(dashboard, tenantId, signal);
      if (cards.length > 0) await calls.trash(signal);
      return cards;
    },
    async archive(cards: readonly Card[], owner: Owner, signal: AbortSignal): Promise<void> {
      const mark = markOf(owner);
      for (const { id, description } of cards) {
        const text = description ? `${description}\n\n${mark}` : mark;
        await calls.changeCard(id, { archived: true, description: text }, signal);
      }
    },
    /** Takes the questions that `archive` marked out of the trash, and the mark out of their descriptions. */
    async restore(owner: Owner, signal: AbortSignal): Promise<void> {
      const mark = markOf(owner);
      for (const { id, description } of await calls.trashedCards(mark, signal)) {
        const text = description?.replace(`\n\n${mark}`, "").replace(mark, "");
        await calls.changeCard(id, { archived: false, description: text || null }, signal);
      }
    },
    /** Deletes the copied questions, also those in the trash. */
    async remove(dashboard: Dashboard, tenantId: string, signal: AbortSignal): Promise<void> {
      const trashed = await calls.trashedCards(markOf({ id: dashboard.id, tenantId }), signal);
      const cards = [...(await shown(dashboard, tenantId, signal)), ...trashed];
      for (const { id } of cards) await calls.deleteCard(id, signal);
    },
  };
}

const markOf = ({ id, tenantId }: Owner) => `smarteros:${tenantId}:dashboard:${id}`;
