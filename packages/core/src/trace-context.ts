import { context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";

/** W3C Trace Context, section 3.2: version 00, and neither id all zeros. */
const wellFormed = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Returns the `traceparent` of the current span, to be passed over a protocol or a queue; undefined where nothing is
 * traced.
 */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent !== undefined && wellFormed.test(carrier.traceparent)
    ? carrier.traceparent
    : undefined;
}

/** Does work as a part of the trace that a `traceparent` names, and of none where it names none. */
export function withinTrace<T>(traceparent: string | undefined, work: () => T): T {
  const carrier = traceparent !== undefined && wellFormed.test(traceparent) ? { traceparent } : {};
  return context.with(propagation.extract(ROOT_CONTEXT, carrier), work);
}

/** The trace's id in a `traceparent`; undefined for what is none. */
export function traceIdIn(traceparent: string | undefined): string | undefined {
  return wellFormed.exec(traceparent ?? "")?.[1];
}
