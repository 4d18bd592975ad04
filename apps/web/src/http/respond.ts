import { asOurs, currentTraceparent, SmarterosError, statusOf, traceIdIn, uuidv7 } from "@smarteros/core";
import { retryAfterSeconds } from "@smarteros/core/retry-after";
import { redactCause } from "@smarteros/observability";
import { requireServices, type Services, services } from "../app-context.ts";
import { slow } from "./read-body.ts";
import type { RequestContext } from "./request-context.ts";

type HeaderFields = Record<string, string>;

/** Creates a response of one of our JSON endpoints; never cached. */
export function json(body: unknown, status = 200, fields: HeaderFields = {}): Response {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store", ...fields };
  return new Response(JSON.stringify(body), { status, headers });
}

/** The contract's envelope of a success. */
export function success(context: RequestContext, result: unknown, durationMs: number): Response {
  const { requestId } = context;
  return json({ ok: true, result, meta: { durationMs, requestId } }, 200, headersOf(context));
}

/** The contract's envelope of a failure. */
export function failure(
  context: RequestContext,
  error: SmarterosError,
  durationMs = elapsed(context),
): Response {
  const { code, message, details } = error;
  const headers = headersOf(context);
  if (code === "unauthorized") headers["WWW-Authenticate"] = 'Bearer realm="smarteros"';
  if (details.retryAfterMs !== undefined)
    headers["Retry-After"] = String(retryAfterSeconds(details.retryAfterMs));
  if (slow.has(context.request)) headers.Connection = "close";
  const traceId = traceIdIn(currentTraceparent());
  const meta = { durationMs, requestId: context.requestId, ...(traceId ? { traceId } : {}) };
  const body = { ok: false, error: code, message, ...details, meta };
  return json(body, statusOf[code], headers);
}

/**
 * Wraps the handler of a route: gives each request its id, and turns errors into the contract's envelope. Messages that
 * we did not write reach only the log.
 */
export function route(handle: (context: RequestContext, services: Services) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    const context: RequestContext = { request, requestId: uuidv7(), startedAt: performance.now() };
    try {
      return await handle(context, requireServices());
    } catch (thrown) {
      const { error, cause } = asOurs(thrown, context.requestId);
      if (error.code === "internal" || error.code === "unavailable") logCause(context, error.code, cause);
      return failure(context, error);
    }
  };
}

/** Responds to the methods that a route does not have: a list for OPTIONS, a refusal of all others. */
export function otherMethods(...allow: string[]) {
  const Allow = allow.join(", ");
  const refuse = async (request: Request): Promise<Response> => {
    const context = { request, requestId: uuidv7(), startedAt: performance.now() };
    const message = `${request.method} is not possible here. Use ${allow.join(" or ")}.`;
    const answer = failure(context, new SmarterosError("method_not_allowed", message));
    answer.headers.set("Allow", Allow);
    return answer;
  };
  // No leave for other sites: our endpoints are called by our own pages, and by programs.
  const list = async () => new Response(null, { status: 204, headers: { Allow } });
  return { OPTIONS: list, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse };
}

/** Returns the headers of every response: the request's id, and the rate limit of a known principal. */
export function headersOf({ requestId, limit }: RequestContext): HeaderFields {
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

function elapsed({ startedAt }: RequestContext): number {
  return Math.round(performance.now() - startedAt);
}

function logCause({ requestId }: RequestContext, code: string, cause: unknown) {
  services()?.logger.error("MCP_DOOR_ERROR", { requestId, code, cause: redactCause(cause) });
}
