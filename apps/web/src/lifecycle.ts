import { startTelemetry } from "@smarteros/observability/tracing";
import { services } from "./app-context.ts";
import { parseEnvironment } from "./env.ts";
import { noteSocketAddresses } from "./http/client-address.ts";
import { limitRequestTimes } from "./http/server-timeouts.ts";
import { version } from "./version.ts";

/**
 * Limits request times of Next's HTTP server. Starts telemetry where it is configured, and then the services, which
 * create their meters. At SIGTERM it closes the windows of limited calls and the streams, because Next waits for both.
 */
export async function begin() {
  noteSocketAddresses();
  limitRequestTimes();
  const settings = parseEnvironment();
  const wanted = settings.ok ? settings.value.telemetry : undefined;
  const telemetry = wanted && (await startTelemetry(wanted, { name: "smarteros-web", version }));
  const started = services();
  const end = () => {
    started?.streams.end();
    Promise.resolve(started?.recorder.flush()).finally(() => telemetry?.stop());
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}
