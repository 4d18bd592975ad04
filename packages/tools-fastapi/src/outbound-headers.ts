import { type Call, currentTraceparent } from "@smarteros/core";

/**
 * What the backend is told of a call beside the assertion: the user for its audit trail (not to be believed), the
 * request's id, and the trace that it belongs to. Nothing of the caller's own headers comes this far.
 */
export function onBehalfOf({ principal, requestId }: Call): Record<string, string> {
  const traceparent = currentTraceparent();
  return {
    "X-User-ID": visible(principal.userId),
    "X-Request-ID": visible(requestId),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** A header takes visible ASCII; what else an id may hold is percent-encoded. */
function visible(id: string): string {
  return id.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
