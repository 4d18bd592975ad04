import { type Intent, type Intents, type Settlement, searchGapMs } from "./intents.ts";

type MemoryIntents = Intents & {
  /** Settlements so far, in their order. */
  readonly settled: readonly Settlement[];
};

/**
 * Creates the intents of one tenant at one vendor in memory, with the rules of the database's. `now` is the database's
 * clock in milliseconds, and `holdsTask` returns whether the caller still has its task.
 */
export function memoryIntents({ now = Date.now, holdsTask = (): boolean => true } = {}): MemoryIntents {
  type Row = { begunAt: number; emptySearches: number; searchedAt: number; doubtful: boolean };
  const settled: Settlement[] = [];
  let row: Row | undefined;

  const shown = ({ begunAt, emptySearches, doubtful }: Row): Intent => {
    return { ageMs: now() - begunAt, emptySearches, doubtful };
  };
  function requireTask() {
    if (!holdsTask()) throw new Error("Another worker has the task.");
  }
  function requireOpen(): Row {
    requireTask();
    if (!row) throw new Error("No intent is open.");
    return row;
  }

  return {
    settled,
    open: async () => row && shown(row),
    async begin() {
      requireTask();
      row = { begunAt: now(), emptySearches: 0, searchedAt: Number.NEGATIVE_INFINITY, doubtful: false };
    },
    async settle(as) {
      requireOpen();
      row = undefined;
      settled.push(as);
    },
    async countEmptySearch() {
      const open = requireOpen();
      if (now() - open.searchedAt >= searchGapMs) {
        open.emptySearches += 1;
        open.searchedAt = now();
      }
      return shown(open);
    },
    async doubt() {
      requireOpen().doubtful = true;
    },
  };
}
