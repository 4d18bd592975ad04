import { SmarterosError } from "@smarteros/core";

const service = "backend";

/**
 * Makes the error of a backend without a usable response. The message holds nothing of the response: its cause is for the
 * log.
 */
export function upstreamError(upstreamStatus: number | undefined, cause: unknown): SmarterosError {
  return new SmarterosError(
    "upstream_error",
    upstreamStatus === undefined
      ? "The backend could not be reached, or broke off. Try again in a moment."
      : `The backend answered with status ${upstreamStatus} and nothing that can be used. Try again in a moment.`,
    { service, ...(upstreamStatus === undefined ? {} : { upstreamStatus }) },
    { cause },
  );
}

/** Makes the error of a backend that was not done in time. */
export function upstreamTimeout(milliseconds: number): SmarterosError {
  return new SmarterosError(
    "upstream_timeout",
    `The backend was not done within ${milliseconds / 1000} s. Look before you repeat a call that changes something.`,
    { service },
  );
}
