import { currentTraceparent, type Logger, traceIdIn } from "@smarteros/core";
import { createMiddleware } from "hono/factory";
import type { RequestContext } from "./request-context.ts";

const maxPathLength = 200;

/** Logs each request with its trace id, without query and body. */
export function logRequest(logger: Logger) {
  return createMiddleware<RequestContext>(async (context, next) => {
    const started = performance.now();
    await next();
    const traceId = traceIdIn(currentTraceparent() ?? context.req.header("traceparent"));
    logger.info("BACKEND_REQUEST", {
      requestId: context.get("requestId"),
      method: context.req.method,
      path: context.req.path.slice(0, maxPathLength),
      status: context.res.status,
      durationMs: Math.round(performance.now() - started),
      userId: context.get("principal")?.userId,
      traceId,
    });
  });
}
