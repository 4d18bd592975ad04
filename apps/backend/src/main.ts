import { parseEnvironment } from "./env.ts";
import { logger } from "./logger.ts";
import { start } from "./server.ts";

// The service behind FASTAPI_URL, until SIGTERM or Ctrl-C. A second signal ends it at once.

const settings = parseEnvironment();
if (settings.ok) {
  try {
    const backend = await start({ settings: settings.value, logger });
    const stop = async () => {
      await backend.stop();
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
