import type { Limiter } from "@smarteros/core";
import { memoryLimiter } from "@smarteros/rate-limit";

/**
 * Requests per minute beside calls of tools: each many times what a person with six pages open and the console's polling
 * make. The last three count addresses, not users.
 */
const perMinute = {
  /** Reads of the database for pages. */
  pages: 600,
  /** `GET /api/mcp/invocations/recent` and `GET /api/services`. */
  polling: 300,
  /** Streams that are opened. */
  streams: 120,
  exports: 20,
  descriptions: 120,
  /** Descriptions for callers without a principal, by address. */
  anonymousDescriptions: 120,
  /** `GET /api/health?deep=1`, by address. */
  deepHealth: 30,
  /** Requests without an acceptable credential, by address. */
  refusals: 30,
};

export type Limits = Record<keyof typeof perMinute, Limiter>;

/** Makes the limiters of everything that is not a call of a tool. */
export function createLimits(): Limits {
  const entries = Object.entries(perMinute).map(([name, calls]) => [name, memoryLimiter({ calls })]);
  return Object.fromEntries(entries) as Limits;
}
