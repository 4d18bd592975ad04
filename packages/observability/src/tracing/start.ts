import type { TelemetrySettings } from "./settings.ts";

export type Telemetry = {
  /** Sends what is held back; called before a process ends. */
  stop(): Promise<void>;
};

/**
 * Begins to send spans and metrics by OTLP over HTTP. To be called before anything takes a meter: those that are taken
 * earlier stay silent. Loads the SDK only when it is called.
 */
export async function startTelemetry(
  settings: TelemetrySettings,
  service: { name: string; version: string },
): Promise<Telemetry> {
  const [{ resourceFromAttributes }, { traceProvider }] = await Promise.all([
    import("@opentelemetry/resources"),
    import("./provider.ts"),
  ]);
  const resource = resourceFromAttributes({
    "service.namespace": "smarteros",
    "service.name": settings.serviceName ?? service.name,
    "service.version": service.version,
  });
  const stops = [
    settings.traces ? await traceProvider(resource, settings.sampler) : undefined,
    settings.metrics ? await (await import("./metrics.ts")).meterProvider(resource) : undefined,
  ];
  return {
    async stop() {
      await Promise.allSettled(stops.map((stop) => stop?.()));
    },
  };
}
