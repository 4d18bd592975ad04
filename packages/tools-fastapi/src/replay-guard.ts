/** Remembers the ids of assertions, so that each is accepted once. */
export type ReplayGuard = {
  /** Marks an id as used. `full` when no more can be remembered: the assertion must then be refused. */
  use(id: string): Promise<"fresh" | "used" | "full">;
};

/**
 * Builds a replay guard in memory, for a backend of one process: it remembers an id for `keptForMs` milliseconds, and at
 * most `capacity` of them.
 */
export function createReplayGuard({
  keptForMs,
  capacity = 100_000,
  now = () => performance.now(),
}: {
  keptForMs: number;
  capacity?: number;
  now?: () => number;
}): ReplayGuard {
  // All ids have the same ttl, so they expire in the order in which they came.
  const forgottenAt = new Map<string, number>();

  function forget() {
    for (const [id, at] of forgottenAt) {
      if (at > now()) return;
      forgottenAt.delete(id);
    }
  }

  return {
    async use(id) {
      forget();
      if (forgottenAt.has(id)) return "used";
      if (forgottenAt.size >= capacity) return "full";
      forgottenAt.set(id, now() + keptForMs);
      return "fresh";
    },
  };
}
