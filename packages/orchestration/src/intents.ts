import { type Intent, type Intents, searchGapMs } from "@smarteros/connectors";
import type { ClaimedTask } from "@smarteros/queue";
import { type Database, rowsOf, type SupabaseClient } from "@smarteros/supabase";

type Row = Pick<
  Database["public"]["Tables"]["provision_intents"]["Row"],
  "opened_at" | "empty_searches" | "doubtful"
>;

export type IntentRow = { age_ms: number; empty_searches: number; doubtful: boolean };

/**
 * Stores the intents of a task's tenant at the vendor of its queue in Supabase, as the service role. `atFirst` is the one that
 * was open when the attempt began.
 */
export function supabaseIntents(
  client: SupabaseClient,
  { id, claim, queue, tenantId }: ClaimedTask,
  atFirst: IntentRow | null,
): Intents {
  let known: IntentRow | null | undefined = atFirst;
  const held = { p_task_id: id, p_claim: claim };
  const gap = `${searchGapMs} milliseconds`;

  async function open(): Promise<Intent | undefined> {
    const of = { p_tenant_id: tenantId ?? "", p_vendor: queue };
    const row = known === undefined ? rowsOf(await client.rpc("open_creation", of))[0] : known;
    known = undefined;
    return row ? { ageMs: row.age_ms, emptySearches: row.empty_searches, doubtful: row.doubtful } : undefined;
  }

  /** Calls a function that changes the intent. */
  async function change(rows: () => Promise<Row[]>): Promise<void> {
    known = undefined;
    requireHeld(await rows());
  }

  return {
    open,
    begin: () => change(async () => rowsOf(await client.rpc("begin_creation", held))),
    settle: (as) => change(async () => rowsOf(await client.rpc("settle_creation", { ...held, p_as: as }))),
    async countEmptySearch() {
      await change(async () => rowsOf(await client.rpc("search_creation", { ...held, p_gap: gap })));
      const intent = await open();
      if (!intent) throw new Error("another worker settled the creation");
      return intent;
    },
    doubt: () =>
      change(async () => rowsOf(await client.rpc("search_creation", { ...held, p_gap: gap, p_doubt: true }))),
  };
}

function requireHeld(rows: Row[]): void {
  if (rows.length === 0) throw new Error("another worker has the task, or no creation is open");
}
