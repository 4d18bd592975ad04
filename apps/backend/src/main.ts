import { startTelemetry } from "@smarteros/observability/tracing";
import { parseEnvironment } from "./env.ts";
import { logger } from "./logger.ts";
import { start } from "./server.ts";
import { version } from "./version.ts";

// Runs the service behind FASTAPI_URL until SIGTERM or Ctrl-C. A second signal ends it immediately.

const settings = parseEnvironment();
if (settings.ok) {
  try {
    const { telemetry: wanted } = settings.value;
    const telemetry = wanted && (await startTelemetry(wanted, { name: "smarteros-backend", version }));
    const backend = await start({ settings: settings.value, logger });
    const stop = async () => {
      await backend.stop();
      await telemetry?.stop();
      logger.info("BACKEND_STOPPED", {});
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
  } catch (cause) {
    logger.error("BACKEND_NOT_STARTED", { cause: cause instanceof Error ? cause.message : String(cause) });
    process.exitCode = 1;
  }
} else {
  logger.error("MISCONFIGURED", { problems: settings.problems });
  process.exitCode = 2;
}
