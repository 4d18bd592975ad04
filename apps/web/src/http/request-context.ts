import type { LimitState } from "@smarteros/core";

/** One request to a route: its id and start, and the caller's rate limit once the principal is known. */
export type RequestContext = { request: Request; requestId: string; startedAt: number; limit?: LimitState };
