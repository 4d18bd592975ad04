import type { Intents } from "./intents.ts";

/**
 * What is known of a state-changing request. `done`: the vendor confirmed it. `none`: it had no effect, because the vendor
 * refused it or it was not sent. `unknown`: it may have had an effect, or may still have one.
 */
export type Outcome = "done" | "none" | "unknown";

/** Watches the state-changing requests of one creation, which run one after another. */
export type Creation = {
  /** Checks the task and writes the intent. Called before each request. */
  begin(): Promise<void>;
  /** Returns true if the last check is at most 2 s ago, by a clock that no stall of the process stops. */
  isFresh(): boolean;
  /** Records how the last request ended. */
  ended(outcome: Outcome): void;
};

/** Maximum milliseconds from the check of the task until a request is handed to `fetch`. */
const maxUnsentMs = 2_000;

/** Starts watching a creation. */
export function startCreation(intents: Pick<Intents, "begin">) {
  const seen = {
    /** True once an intent was written. */
    isBegun: false,
    /** True if each request so far has a known outcome. */
    isAnswered: true,
    /** True if the vendor confirmed a request. */
    hasChanged: false,
  };
  let checkedAt = Number.NEGATIVE_INFINITY;
  const creation: Creation = {
    async begin() {
      // Measured before the check, which may itself have waited.
      const now = performance.now();
      seen.isAnswered = false;
      await intents.begin();
      checkedAt = now;
      seen.isBegun = true;
    },
    isFresh: () => performance.now() - checkedAt <= maxUnsentMs,
    ended(outcome) {
      seen.isAnswered = outcome !== "unknown";
      if (outcome === "done") seen.hasChanged = true;
    },
  };
  return { creation, seen: seen as Readonly<typeof seen> };
}
