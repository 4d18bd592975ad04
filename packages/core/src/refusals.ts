import { SmarterosError } from "./errors.ts";
import type { LimitState } from "./ports.ts";

/** The refusal of a call over its limit. */
export function rateLimited(limit: LimitState) {
  const seconds = Math.max(1, Math.ceil(limit.resetMs / 1000));
  return new SmarterosError(
    "rate_limited",
    `More than ${limit.limit} calls in a minute. Try again in ${seconds} s.`,
    { retryAfterMs: limit.resetMs },
  );
}

/** The refusal of an unknown tool; the name is shown shortened. */
export function toolNotFound(name: string, didYouMean: string | undefined) {
  const shown = name.slice(0, 64);
  return new SmarterosError(
    "tool_not_found",
    `There is no tool "${shown}". ${didYouMean ? `Did you mean ${didYouMean}?` : "List the tools to see those that you may call."}`,
    { name: shown, ...(didYouMean ? { didYouMean } : {}) },
  );
}

/** What may be shown of anything that was thrown, with its cause for the log. An error that is not ours becomes `internal`. */
export function asOurs(thrown: unknown, requestId: string) {
  if (SmarterosError.isInstance(thrown)) return { error: thrown, cause: thrown.cause };
  const message = `Something failed on our side. Try again; if it stays, tell support the request id ${requestId}.`;
  return { error: new SmarterosError("internal", message), cause: thrown };
}
