/** A creation that may have reached a vendor and whose outcome is not known. */
export type Intent = {
  /** Age of the last `begin`, in milliseconds by the database's clock. */
  ageMs: number;
  /** Complete searches in a row that found nothing, at least `searchGapMs` apart. */
  emptySearches: number;
  /** True after `doubt`. */
  doubtful: boolean;
};

/** Milliseconds between two searches that count as two. */
export const searchGapMs = 5_000;

/**
 * The durable intents of one tenant at one vendor, of which at most one is open. `begin`, `settle`, `countEmptySearch` and
 * `doubt` reject when another worker has the task; the last three also reject without an open intent.
 */
export type Intents = {
  /** Resolves to the open intent of the tenant at the vendor, from an earlier attempt. */
  open(): Promise<Intent | undefined>;
  /**
   * Checks that the caller still holds its task and writes the intent, in one transaction. Starts an open intent again: its
   * age and its empty searches are 0 and it is not doubtful. Called before each state-changing request of a creation.
   */
  begin(): Promise<void>;
  /** Ends the open intent. */
  settle(as: Settlement): Promise<void>;
  /**
   * Counts one complete search that found nothing, unless the last one was counted less than `searchGapMs` ago. Resolves to
   * the intent after it.
   */
  countEmptySearch(): Promise<Intent>;
  /** Records that the vendor's list did not show what the vendor had confirmed: searches cannot settle this intent as absent. */
  doubt(): Promise<void>;
};

/**
 * How an intent ended. `created`: the vendor confirmed it and lists it. `refused`: the vendor refused it, or it was not sent.
 * `found`: a later search found it. `absent`: later searches did not.
 */
export type Settlement = "created" | "refused" | "found" | "absent";
