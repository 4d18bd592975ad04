/** Nobody waits longer on a header's word: it may be wrong, or meant for a crawler. */
const mostMs = 15 * 60_000;

/**
 * How long the vendor wants to be left alone, in milliseconds and at most 15 minutes: `Retry-After` in seconds or as a
 * date (RFC 9110, 10.2.3), else `RateLimit-Reset` in seconds, as Botpress sends it.
 */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const value = (headers.get("Retry-After") ?? headers.get("RateLimit-Reset"))?.trim();
  if (!value) return undefined;
  const milliseconds = /^\d{1,12}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, 0), mostMs);
}
