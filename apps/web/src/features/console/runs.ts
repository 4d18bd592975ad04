import type { CallOutcome } from "../calls/call-tool.ts";

export type RunState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

/** One call made from this browser. Times are milliseconds of the wall clock. */
export type Run = {
  id: string;
  tool: string;
  args: unknown;
  state: RunState;
  startedAt?: number;
  endedAt?: number;
  outcome?: CallOutcome;
};

type Call = (tool: string, args: unknown, signal: AbortSignal) => Promise<CallOutcome>;

/**
 * The calls of this browser, the last one of each tool. They live as long as the console and belong to no page: a call
 * goes on while its person looks at something else. At most `atOnce` run, the rest wait in line.
 */
export class RunStore {
  #runs: Readonly<Record<string, Run>> = {};
  readonly #controllers = new Map<string, AbortController>();
  readonly #waiting: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  #running = 0;
  readonly #atOnce: number;

  constructor({ atOnce = 4 }: { atOnce?: number } = {}) {
    this.#atOnce = atOnce;
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** The last run of each tool, by its name; a new object whenever one changed. */
  snapshot = () => this.#runs;

  /** Starts a call, or puts it in line. While the tool's last call is open, nothing happens. Resolves at its end. */
  async start(call: Call, tool: string, args: unknown): Promise<Run | undefined> {
    const open = this.#runs[tool];
    if (open && isOpen(open)) return undefined;
    const run: Run = { id: crypto.randomUUID(), tool, args, state: "queued" };
    const controller = new AbortController();
    this.#controllers.set(run.id, controller);
    this.#set(run);
    await this.#turn(controller.signal);
    if (controller.signal.aborted) return this.#end({ ...run, endedAt: Date.now() }, cancelled);
    const running: Run = { ...run, state: "running", startedAt: Date.now() };
    this.#set(running);
    this.#running += 1;
    try {
      const outcome = await call(tool, args, controller.signal);
      return this.#end({ ...running, endedAt: Date.now() }, outcome);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Aborts the request, and with it the tool. A call that has ended stays as it is. */
  cancel(run: Run) {
    this.#controllers.get(run.id)?.abort();
  }

  #turn(signal: AbortSignal): Promise<void> | undefined {
    if (this.#running < this.#atOnce) return undefined;
    return new Promise((resolve) => {
      const leave = () => {
        const place = this.#waiting.indexOf(resolve);
        if (place >= 0) this.#waiting.splice(place, 1);
        resolve();
      };
      this.#waiting.push(resolve);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #end(run: Run, outcome: CallOutcome): Run {
    this.#controllers.delete(run.id);
    const ended: Run = { ...run, outcome, state: stateOf(outcome) };
    this.#set(ended);
    return ended;
  }

  #set(run: Run) {
    this.#runs = { ...this.#runs, [run.tool]: run };
    for (const listener of this.#listeners) listener();
  }
}

const cancelled: CallOutcome = { ok: false, code: "cancelled", message: "", issues: [] };

/** Whether the call is still to be answered. */
export const isOpen = (run: Run) => run.state === "queued" || run.state === "running";

const stateOf = (outcome: CallOutcome): RunState =>
  outcome.ok ? "succeeded" : outcome.code === "cancelled" ? "cancelled" : "failed";
