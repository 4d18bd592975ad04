/** Tracks work that must finish before the process exits. */
export function createWorkload() {
  const pending = new Set<Promise<unknown>>();
  return {
    add<Result>(work: Promise<Result>): Promise<Result> {
      const settled: Promise<void> = work.then(forget, forget);
      function forget() {
        pending.delete(settled);
      }
      pending.add(settled);
      return work;
    },
    /** Resolves when no work is left, work that is added while waiting included. */
    async idle(): Promise<void> {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
