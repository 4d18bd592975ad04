/** The longest wait that a header is believed about, in milliseconds: it may be wrong, or meant for a crawler. */
const maxMs = 15 * 60_000;

/**
 * Reads the wait that a service requests, in milliseconds and at most 15 minutes: `Retry-After` in seconds or as a date
 * (RFC 9110, 10.2.3), else `RateLimit-Reset` in seconds, as Botpress sends it.
 */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const value = (headers.get("Retry-After") ?? headers.get("RateLimit-Reset"))?.trim();
  if (!value) return undefined;
  const milliseconds = /^\d{1,12}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, 0), maxMs);
}

/** Rounds a wait in milliseconds up to the whole seconds of a `Retry-After` header, 1 at least. */
export function retryAfterSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}
