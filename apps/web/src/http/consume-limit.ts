import { type Limiter, rateLimited } from "@smarteros/core";
import type { RequestContext } from "./request-context.ts";

/** Counts one request of `key`. Throws `rate_limited` above the limit, and leaves its state for the response headers. */
export async function consumeLimit(context: RequestContext, limiter: Limiter, key: string): Promise<void> {
  const state = await limiter.consume(key);
  if (state.allowed) return;
  context.limit = state;
  throw rateLimited(state);
}
