import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import type { Resource } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { TelemetrySettings } from "./settings.ts";

/**
 * Registers a provider that records spans, propagates them over awaits and adds the trace to every fetch of this process.
 */
export async function traceProvider(resource: Resource, sampler: TelemetrySettings["sampler"]) {
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(sampler),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  // A span for each outgoing request, below the span that sent it; a query may hold secrets.
  const requests = new UndiciInstrumentation({
    requireParentforSpans: true,
    // Requests that carry a `traceparent` already would get a second one.
    ignoreRequestHook: ({ headers }) =>
      Array.isArray(headers)
        ? headers.some((name) => String(name).toLowerCase() === "traceparent")
        : /^traceparent:/im.test(headers),
    startSpanHook: ({ origin, path }) => ({
      "url.full": `${origin}${path.split("?", 1)[0]}`,
      "url.query": "",
    }),
  });
  requests.setTracerProvider(provider);
  return () => provider.shutdown();
}

function samplerOf({ name, ratio }: TelemetrySettings["sampler"]): Sampler {
  const [, isParentBased, kind] = /^(parentbased_)?(.+)$/.exec(name) ?? [];
  const root =
    kind === "traceidratio"
      ? new TraceIdRatioBasedSampler(ratio)
      : kind === "always_off"
        ? new AlwaysOffSampler()
        : new AlwaysOnSampler();
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}
