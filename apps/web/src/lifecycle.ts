import { startTelemetry } from "@smarteros/observability/tracing";
import { services } from "./app-context.ts";
import { parseEnvironment } from "./env.ts";
import { noteSocketAddresses } from "./http/client-address.ts";
import { limitRequestTimes } from "./http/server-timeouts.ts";
import { version } from "./version.ts";

/**
 * Guards the HTTP server, which is Next's. Starts telemetry where it is wanted, and then the services, which take their meters as they start. When the process is
 * told to end, it closes the windows of limited calls, because Next waits for `after()`, and the streams, because Next
 * waits for them too.
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
