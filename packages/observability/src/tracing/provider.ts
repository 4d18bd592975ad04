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

/** Makes spans real, carries them over awaits, and tells every fetch of this process the trace it belongs to. */
export async function traceProvider(resource: Resource, sampler: TelemetrySettings["sampler"]) {
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(sampler),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  // A span for each request that leaves, under the one that asked; a query may hold what nobody should read.
  const requests = new UndiciInstrumentation({
    requireParentforSpans: true,
    // What our own clients have told of the trace already would be told twice.
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
