import { asOurs, type Call, type ErrorCode, type Principal, rateLimited, uuidv7 } from "@smarteros/core";
import { redactCause } from "@smarteros/observability";
import { requireServices } from "../app-context.ts";
import { logger } from "../logger.ts";

/** Timeout of the reads of a page, in milliseconds. */
const timeoutMs = 8_000;

/** The data of a page, or the code of the failure; its cause is in the log, under `requestId`. */
export type PageRead<Value> = { ok: true; value: Value } | { ok: false; code: ErrorCode; requestId: string };

/**
 * Reads something for a page under the viewer's own token. Not a call of a tool: pages have a limit of their own and leave
 * no audit row. Never rejects.
 */
export async function readForPage<Value>(
  principal: Principal,
  work: (call: Call) => Promise<Value>,
): Promise<PageRead<Value>> {
  const requestId = uuidv7();
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const state = await requireServices().limits.pages.consume(principal.userId);
    if (!state.allowed) throw rateLimited(state);
    return { ok: true, value: await work({ principal, requestId, invocationId: requestId, signal }) };
  } catch (thrown) {
    const { error, cause } = asOurs(thrown, requestId);
    const { code } = error;
    if (code !== "invalid_input" && code !== "rate_limited")
      logger.error("MCP_PAGE_ERROR", { requestId, code, cause: redactCause(cause) });
    return { ok: false, code, requestId };
  }
}
