import { SmarterosError } from "@smarteros/core";

/** Milliseconds after which a user with too many streams may ask again. */
const retryAfterMs = 5_000;

/** The streams that a process has open: so many for each user, and all of them ended together. */
export function createStreamLimit({ perUser, instead }: { perUser: number; instead: string }) {
  const open = new Map<string, Set<AbortController>>();
  return {
    /** Counts one stream more. Throws `rate_limited` at the user's limit. The caller must leave in the end. */
    enter(userId: string) {
      const mine = open.get(userId) ?? new Set();
      if (mine.size >= perUser) {
        const message = `At most ${perUser} of these at once. Close one, or ${instead}.`;
        throw new SmarterosError("rate_limited", message, { retryAfterMs });
      }
      const controller = new AbortController();
      open.set(userId, mine.add(controller));
      return {
        signal: controller.signal,
        leave() {
          mine.delete(controller);
          if (mine.size === 0 && open.get(userId) === mine) open.delete(userId);
        },
      };
    },
    /** Ends all streams, which would prevent the process from ending. */
    end() {
      for (const mine of open.values()) for (const controller of mine) controller.abort();
    },
  };
}
