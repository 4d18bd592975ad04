import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { withinTrace } from "@smarteros/core";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { RequestContext } from "./request-context.ts";

/** Records a span per request in the caller's trace, named by the route's pattern because paths may contain ids. */
export function traceRequest() {
  const tracer = trace.getTracer("@smarteros/backend");
  return createMiddleware<RequestContext>((context, next) => {
    const { method } = context.req;
    const options = { kind: SpanKind.SERVER, attributes: { "http.request.method": method } };
    return withinTrace(context.req.header("traceparent"), () =>
      tracer.startActiveSpan(method, options, async (span) => {
        try {
          await next();
        } finally {
          const route = routePath(context, -1);
          const { status } = context.res;
          span.updateName(`${method} ${route}`);
          span.setAttributes({ "http.route": route, "http.response.status_code": status });
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        }
      }),
    );
  });
}
