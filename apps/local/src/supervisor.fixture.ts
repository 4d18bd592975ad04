import type { Program } from "./child.ts";
import { readEmbedded } from "./env.ts";
import { freePort } from "./port.ts";
import { untilShutdown } from "./signals.ts";
import { startSupabase } from "./stack.ts";
import { supervise } from "./supervisor.ts";

// A separate supervisor with two small programs, for tests that stop, crash and kill it. Argument: data directory.
const [dataDirectory = ""] = process.argv.slice(2);

// Each responds, leaves a child process running, and exits on request.
const source = `
  const { spawn } = require("node:child_process");
  spawn("sleep", ["600"]);
  console.log("pid " + process.pid);
  process.on("SIGTERM", () => { console.log("asked to stop"); setTimeout(() => process.exit(), 100); });
  require("node:http").createServer((request, response) => {
    if (request.url === "/crash") { console.error("the reason"); process.exit(3); }
    response.end(JSON.stringify(process.env));
  }).listen(Number(process.env.PORT), "127.0.0.1");
`;

async function program(name: string): Promise<Program> {
  const port = await freePort();
  return {
    name,
    command: [process.execPath, "-e", source],
    folder: dataDirectory,
    environment: { PORT: String(port) },
    healthUrl: `http://127.0.0.1:${port}/`,
  };
}

const log = (line: string) => console.log(line);
const shutdown = untilShutdown(log);
const programs = [await program("first"), await program("second")];
const stack = await startSupabase({
  ...readEmbedded(),
  dataDirectory,
  webOrigin: "http://127.0.0.1:3000",
  log,
});
const failure = await supervise({
  stack,
  programs,
  shutdown,
  log,
  onReady: () => {
    stack.note({ webUrl: programs[0]?.healthUrl ?? "" });
    log(`ready ${programs.map(({ healthUrl }) => healthUrl).join(" ")}`);
  },
});
if (failure !== undefined) console.error(failure);
process.exit(failure === undefined ? 0 : 1);
