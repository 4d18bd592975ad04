import { type Call, currentTraceparent } from "@smarteros/core";

/**
 * Makes the headers of a request beside the assertion: the user for the backend's audit trail (not verified), the request
 * id, and the trace. No header of the caller's own is passed on.
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
