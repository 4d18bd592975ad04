import { asOurs, type ErrorCode, type Logger, SmarterosError, statusOf } from "@smarteros/core";
import { redactCause } from "@smarteros/observability";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { RequestContext } from "./request-context.ts";

const ofException = new Map<number, [ErrorCode, string]>([
  [400, ["invalid_json", "The body is not JSON. Send one JSON object as application/json."]],
  [415, ["unsupported_media_type", "Send the body as application/json."]],
]);

/** Returns the error envelope. An unexpected error is logged with its cause and returned as `internal`. */
export function respondWithError(
  logger: Logger,
  thrown: unknown,
  context: Context<RequestContext>,
): Response {
  const requestId = context.get("requestId");
  const { error, cause } = asOurs(translate(thrown, context.req.raw.signal), requestId);
  if (cause !== undefined) {
    logger.error("BACKEND_ERROR", { requestId, code: error.code, cause: redactCause(cause) });
  }
  const { code, message, details } = error;
  const body = { ok: false, error: code, message, ...details, meta: { requestId } };
  const headers = new Headers({ "Content-Type": "application/json" });
  if (code === "unauthorized") headers.set("WWW-Authenticate", 'Bearer realm="smarteros-backend"');
  return new Response(JSON.stringify(body), { status: statusOf[code], headers });
}

function translate(thrown: unknown, caller: AbortSignal): unknown {
  // An abort makes pending work fail in many ways, none of which is informative.
  if (caller.aborted) return new SmarterosError("cancelled", "The caller went away.");
  if (!(thrown instanceof HTTPException)) return thrown;
  const [code, message] = ofException.get(thrown.status) ?? [];
  return code && message ? new SmarterosError(code, message) : thrown;
}
