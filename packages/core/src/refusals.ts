import { SmarterosError } from "./errors.ts";
import type { LimitState } from "./ports.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** Makes the refusal of every call where `MCP_ENABLED` is not true. */
export function mcpDisabled() {
  return new SmarterosError(
    "mcp_disabled",
    "MCP is switched off here. Its operator can set MCP_ENABLED=true.",
  );
}

/** Makes the refusal of a call over its limit. */
export function rateLimited(limit: LimitState) {
  const seconds = retryAfterSeconds(limit.resetMs);
  return new SmarterosError(
    "rate_limited",
    `More than ${limit.limit} calls in a minute. Try again in ${seconds} s.`,
    { retryAfterMs: limit.resetMs },
  );
}

/** Makes the refusal of an unknown tool; its name is shortened to 64 characters. */
export function toolNotFound(name: string, didYouMean: string | undefined) {
  const shown = name.slice(0, 64);
  return new SmarterosError(
    "tool_not_found",
    `There is no tool "${shown}". ${didYouMean ? `Did you mean ${didYouMean}?` : "List the tools to see those that you may call."}`,
    { name: shown, ...(didYouMean ? { didYouMean } : {}) },
  );
}

/** Makes the error of a tool that was not done in time. */
export function deadlineExceeded(milliseconds: number) {
  return new SmarterosError(
    "deadline_exceeded",
    `The tool was not done within ${milliseconds / 1000} s. Look before you repeat the call: it may have taken effect.`,
  );
}

/** Makes the error of a call that its caller abandoned before the tool was done. */
export function callerGone() {
  return new SmarterosError("cancelled", "The caller went away before the tool was done.");
}

/**
 * Returns the error that may be shown for anything that was thrown, with its cause for the log. Any error but a
 * `SmarterosError` becomes `internal`.
 */
export function asOurs(thrown: unknown, requestId: string) {
  if (SmarterosError.isInstance(thrown)) return { error: thrown, cause: thrown.cause };
  const message = `Something failed on our side. Try again; if it stays, tell support the request id ${requestId}.`;
  return { error: new SmarterosError("internal", message), cause: thrown };
}
