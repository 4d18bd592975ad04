import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { type RestSettings, serveRest } from "./rest.ts";

// The entry point of the REST API's process. Its settings, which hold secrets, arrive by IPC.

const WATCHDOG_MILLISECONDS = 20_000;

// Lite prints every handled database error with its values.
console.error = () => undefined;

// The database driver throws outside of any request when a backend is terminated. Requests in flight would hang
// from then on, so a fresh process is the safe state.
process.on("uncaughtException", (error) => die(error.message));
process.on("unhandledRejection", (reason) => die(reason instanceof Error ? reason.message : String(reason)));
process.on("disconnect", () => process.exit(0));
process.once("message", (settings) => start(settings as RestSettings));
process.send?.("booted");

async function start(settings: RestSettings): Promise<void> {
  const { connection, server } = await serveRest(settings);
  process.once("SIGTERM", async () => {
    server.close();
    // Closing can hang when a backend was terminated.
    await Promise.race([connection.close(), sleep(1000)]);
    process.exit(0);
  });
  watch(() => sql`select 1`.execute(connection.kysely));
  process.send?.("ready");
}

// Connection pool slots have been lost without any error; then no request gets a response.
function watch(probe: () => Promise<unknown>): void {
  setInterval(async () => {
    const hung = Symbol("hung");
    const outcome = await Promise.race([
      probe().catch(() => undefined),
      sleep(WATCHDOG_MILLISECONDS / 2, hung, { ref: false }),
    ]);
    if (outcome === hung) die("no answer from the connection pool");
  }, WATCHDOG_MILLISECONDS).unref();
}

function die(reason: string): void {
  writeSync(2, `${reason}\n`);
  process.exit(70);
}
