/**
 * Wraps work so that at most one run of it is under way, and caches its result for `ttlMs` milliseconds after it ended.
 * All callers until then share it, even with other arguments. A rejection is cached like a result.
 */
export function cached<Arguments extends unknown[], Result>(
  work: (...args: Arguments) => Promise<Result>,
  ttlMs: number,
): (...args: Arguments) => Promise<Result> {
  let flight: { result: Promise<Result>; endsAt: number } | undefined;
  return (...args) => {
    if (!flight || flight.endsAt < performance.now()) {
      const current = { result: work(...args), endsAt: Number.POSITIVE_INFINITY };
      const expire = () => {
        current.endsAt = performance.now() + ttlMs;
      };
      current.result.then(expire, expire);
      flight = current;
    }
    return flight.result;
  };
}
