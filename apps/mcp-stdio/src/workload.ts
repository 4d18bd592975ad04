/** Work that has to be done before the process may end. */
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
    /** Resolves when nothing is left, also of what was added meanwhile. */
    async idle(): Promise<void> {
      // biome-ignore lint/performance/noAwaitInLoops: what ends may have added more.
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
