import { context, propagation } from "@opentelemetry/api";
import type { Call } from "@smarteros/core";

/** W3C Trace Context, section 3.2: version 00, and neither id all zeros. */
const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * What the backend is told of a call beside the assertion: the user for its audit trail (not to be believed), the
 * request's id, and the trace that it belongs to. Nothing of the caller's own headers comes this far.
 */
export function onBehalfOf({ principal, requestId }: Call): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return {
    "X-User-ID": visible(principal.userId),
    "X-Request-ID": visible(requestId),
    ...(traceparent.test(carrier.traceparent ?? "") ? { traceparent: carrier.traceparent ?? "" } : {}),
  };
}

/** A header takes visible ASCII; what else an id may hold is percent-encoded. */
function visible(id: string): string {
  return id.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
