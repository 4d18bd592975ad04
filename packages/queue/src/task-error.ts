import type { Failure } from "./ports.ts";

/** Thrown by a handler to report how its attempt failed. Any other error is retried as `internal`. */
export class TaskError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.problem.message ?? failure.problem.code, options);
    this.name = "TaskError";
    this.failure = failure;
  }
}

/** Thrown by a handler to give its task back for a time, without counting the attempt: what it waits for is not there yet. */
export class Postponed extends Error {
  readonly forMs: number;
  readonly progress: unknown;

  constructor(forMs: number, progress?: unknown) {
    super(`postponed for ${forMs} ms`);
    this.name = "Postponed";
    this.forMs = forMs;
    this.progress = progress;
  }
}
