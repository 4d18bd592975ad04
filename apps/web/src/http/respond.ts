import {
  asOurs,
  currentTraceparent,
  type LimitState,
  SmarterosError,
  statusOf,
  traceIdIn,
  uuidv7,
} from "@smarteros/core";
import { retryAfterSeconds } from "@smarteros/core/retry-after";
import { redactCause } from "@smarteros/observability";
import { requireServices, type Services, services } from "../app-context.ts";
import { slow } from "./read-body.ts";

/** What a door knows of the request that it answers. `limit` is there once the principal is known. */
export type Exchange = { request: Request; requestId: string; startedAt: number; limit?: LimitState };

type HeaderFields = Record<string, string>;

/** An answer of one of our JSON doors; never cached. */
export function json(body: unknown, status = 200, fields: HeaderFields = {}): Response {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store", ...fields };
  return new Response(JSON.stringify(body), { status, headers });
}

/** The contract's envelope of a success. */
export function success(exchange: Exchange, result: unknown, durationMs: number): Response {
  const { requestId } = exchange;
  return json({ ok: true, result, meta: { durationMs, requestId } }, 200, headersOf(exchange));
}

/** The contract's envelope of a failure. */
export function failure(exchange: Exchange, error: SmarterosError, durationMs = elapsed(exchange)): Response {
  const { code, message, details } = error;
  const headers = headersOf(exchange);
  if (code === "unauthorized") headers["WWW-Authenticate"] = 'Bearer realm="smarteros"';
  if (details.retryAfterMs !== undefined)
    headers["Retry-After"] = String(retryAfterSeconds(details.retryAfterMs));
  if (slow.has(exchange.request)) headers.Connection = "close";
  const traceId = traceIdIn(currentTraceparent());
  const meta = { durationMs, requestId: exchange.requestId, ...(traceId ? { traceId } : {}) };
  const body = { ok: false, error: code, message, ...details, meta };
  return json(body, statusOf[code], headers);
}

/**
 * Wraps a door: gives each request its id and turns whatever is thrown into the contract's envelope. What we did not
 * write reaches the log alone.
 */
export function door(handle: (exchange: Exchange, services: Services) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    const exchange: Exchange = { request, requestId: uuidv7(), startedAt: performance.now() };
    try {
      return await handle(exchange, requireServices());
    } catch (thrown) {
      const { error, cause } = asOurs(thrown, exchange.requestId);
      if (error.code === "internal" || error.code === "unavailable") logCause(exchange, error.code, cause);
      return failure(exchange, error);
    }
  };
}

/** What a route answers to the methods that it has no work for: OPTIONS, and a refusal of all others. */
export function otherMethods(...allow: string[]) {
  const Allow = allow.join(", ");
  const refuse = async (request: Request): Promise<Response> => {
    const exchange = { request, requestId: uuidv7(), startedAt: performance.now() };
    const message = `${request.method} is not possible here. Use ${allow.join(" or ")}.`;
    const answer = failure(exchange, new SmarterosError("method_not_allowed", message));
    answer.headers.set("Allow", Allow);
    return answer;
  };
  // No leave for other sites: our doors are called by our own pages, and by programs.
  const list = async () => new Response(null, { status: 204, headers: { Allow } });
  return { OPTIONS: list, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse };
}

/** What every answer of a door says beside its body: which request it was, and where a known principal stands. */
export function headersOf({ requestId, limit }: Exchange): HeaderFields {
  return {
    "X-Request-ID": requestId,
    ...(limit
      ? {
          "RateLimit-Limit": String(limit.limit),
          "RateLimit-Remaining": String(limit.remaining),
          "RateLimit-Reset": String(Math.ceil(limit.resetMs / 1000)),
        }
      : {}),
  };
}

function elapsed({ startedAt }: Exchange): number {
  return Math.round(performance.now() - startedAt);
}

function logCause({ requestId }: Exchange, code: string, cause: unknown) {
  services()?.logger.error("MCP_DOOR_ERROR", { requestId, code, cause: redactCause(cause) });
}
