import type { Limiter, LimitState } from "@smarteros/core";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/**
 * Builds a limiter in memory: `calls` a minute for each key, counted in windows that start at a key's first call. Other
 * processes are not counted.
 */
export function memoryLimiter({ calls }: { calls: number }): Limiter {
  const limiter = new RateLimiterMemory({ points: calls, duration: 60 });

  const state = (result: RateLimiterRes, allowed: boolean): LimitState => ({
    allowed,
    limit: calls,
    remaining: Math.max(0, result.remainingPoints),
    resetMs: Math.max(0, result.msBeforeNext),
  });

  return {
    async consume(key) {
      try {
        return state(await limiter.consume(key), true);
      } catch (thrown) {
        if (thrown instanceof RateLimiterRes) return state(thrown, false);
        throw thrown;
      }
    },
    async peek(key) {
      const result = await limiter.get(key);
      if (!result) return { allowed: true, limit: calls, remaining: calls, resetMs: 60_000 };
      return state(result, result.remainingPoints > 0);
    },
  };
}
