import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readEmbedded } from "./env.ts";
import { freePort } from "./port.ts";
import { startSupabase } from "./stack.ts";

// A separate embedded project, for tests that restart Postgres. Argument: data directory. Prints its addresses; on
// "crash" it kills Postgres and restarts it on the same ports after longer than the lease of a test worker's task.

const [dataDirectory = ""] = process.argv.slice(2);
const options = {
  ...readEmbedded(),
  dataDirectory,
  restPort: await freePort(),
  postgresPort: await freePort(),
  webOrigin: "http://127.0.0.1:3000",
  log: (line: string) => console.error(line),
};
let stack = await startSupabase(options);

process.on("message", async (command: "crash" | "stop") => {
  if (command === "crash") {
    const [postmaster] = readFileSync(path.join(dataDirectory, "postgres/postmaster.pid"), "utf8").split(
      "\n",
    );
    process.kill(Number(postmaster), "SIGKILL");
    await stack.failed;
  }
  await stack.stop();
  if (command === "stop") process.exit();
  await sleep(2_500);
  stack = await startSupabase(options);
  process.send?.("restarted");
});
process.on("disconnect", () => process.exit());
const { failed: _failed, note: _note, stop: _stop, ...embedded } = stack;
process.send?.(embedded);
