import pLimit from "p-limit";
import type { CallOutcome } from "../../tool-client/call-tool.ts";

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
 * Holds the last call of each tool in this browser. Calls belong to no page: one continues while its user looks at
 * another page. At most `atOnce` run concurrently, the rest are queued.
 */
export class RunStore {
  #runs: Readonly<Record<string, Run>> = {};
  readonly #controllers = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();
  readonly #limit: ReturnType<typeof pLimit>;

  constructor({ atOnce = 4 }: { atOnce?: number } = {}) {
    this.#limit = pLimit(atOnce);
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
    const { signal } = controller;
    const aborted = new Promise<CallOutcome>((resolve) =>
      signal.addEventListener("abort", () => resolve(cancelled), { once: true }),
    );
    const work = async () => {
      if (signal.aborted) return cancelled;
      this.#set({ ...run, state: "running", startedAt: Date.now() });
      return Promise.race([call(tool, args, signal), aborted]);
    };
    // A cancelled call ends at once, in line or under way; a call itself never rejects.
    const outcome = await Promise.race([this.#limit(work), aborted]);
    return this.#end(this.#runs[tool] ?? run, outcome);
  }

  /** Aborts the request, and with it the tool. A call that has ended stays as it is. */
  cancel(run: Run) {
    this.#controllers.get(run.id)?.abort();
  }

  #end(run: Run, outcome: CallOutcome): Run {
    this.#controllers.delete(run.id);
    const ended: Run = { ...run, outcome, state: stateOf(outcome), endedAt: Date.now() };
    this.#set(ended);
    return ended;
  }

  #set(run: Run) {
    this.#runs = { ...this.#runs, [run.tool]: run };
    for (const listener of this.#listeners) listener();
  }
}

const cancelled: CallOutcome = { ok: false, code: "cancelled", message: "", issues: [] };

/** Decides whether the call has no response yet. */
export const isOpen = (run: Run) => run.state === "queued" || run.state === "running";

const stateOf = (outcome: CallOutcome): RunState =>
  outcome.ok ? "succeeded" : outcome.code === "cancelled" ? "cancelled" : "failed";
