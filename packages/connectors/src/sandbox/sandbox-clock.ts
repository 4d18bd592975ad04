/** Clock of a sandbox, which tests replace. */
export type SandboxClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs an effect after so many milliseconds. The process may end before. */
  after(milliseconds: number, effect: () => Promise<unknown>): void;
};

export const systemSandboxClock: SandboxClock = {
  now: Date.now,
  after(milliseconds, effect) {
    setTimeout(effect, milliseconds).unref();
  },
};
