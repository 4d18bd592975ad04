/** Limits the wait, because the header may be wrong or meant for a crawler. */
const maxMs = 15 * 60_000;

/**
 * Returns the wait that the vendor requests, in milliseconds, at most 15 minutes: `Retry-After` in seconds or as a date
 * (RFC 9110, 10.2.3), else `RateLimit-Reset` in seconds, which Botpress sends.
 */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const value = (headers.get("Retry-After") ?? headers.get("RateLimit-Reset"))?.trim();
  if (!value) return undefined;
  const milliseconds = /^\d{1,12}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, 0), maxMs);
}
