import { httpUrl } from "@smarteros/core/settings";
import * as z from "zod";

const url = httpUrl().optional();

/**
 * The standard variables of OpenTelemetry that decide whether and what is sent; the exporters read the others
 * (`OTEL_EXPORTER_OTLP_HEADERS`, timeouts, compression) by themselves.
 */
export const telemetrySettings = {
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url,
  OTEL_SERVICE_NAME: z.string().max(100).optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(
      [
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
      ],
      "must be one of OpenTelemetry's samplers, such as parentbased_traceidratio",
    )
    .default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number("must be a number from 0 to 1").min(0).max(1).default(1),
};
const environment = z.object(telemetrySettings);
type Environment = z.output<typeof environment>;

export type TelemetrySettings = {
  traces: boolean;
  metrics: boolean;
  serviceName?: string | undefined;
  sampler: { name: Environment["OTEL_TRACES_SAMPLER"]; ratio: number };
};

/** Reads which telemetry an environment turns on; undefined where none is, which is the default and costs nothing. */
export function telemetryOf(env: Environment): TelemetrySettings | undefined {
  const both = env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const traces = both || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined;
  const metrics = both || env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT !== undefined;
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === "true" || !(traces || metrics)) return undefined;
  const sampler = { name: env.OTEL_TRACES_SAMPLER, ratio: env.OTEL_TRACES_SAMPLER_ARG };
  return { traces, metrics, serviceName: env.OTEL_SERVICE_NAME, sampler };
}
