/** A queue under test, with one worker that runs up to `concurrency` tasks. */
export type Engine = {
  name: string;
  /** Enqueues one task of a fair key. */
  enqueue(key: string, id: number): Promise<void>;
  /** Runs tasks with `handle` until the returned function is called. */
  work(handle: (id: number) => Promise<void>): Promise<() => Promise<void>>;
  stop(): Promise<void>;
};

/** Writes an engine's own errors, which would otherwise only slow it down. */
export const reportError = (cause: unknown) => void process.stderr.write(`${String(cause)}\n`);

/** Maximum concurrent tasks of the worker, the same for every engine. */
export const concurrency = 10;
