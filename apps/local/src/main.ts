import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { backendProgram } from "./backend.ts";
import { curlLine } from "./curl-line.ts";
import { readEmbedded, readSettings, type Settings } from "./env.ts";
import { mcpClientSettings } from "./mcp-client.ts";
import { monitorProgram } from "./monitor.ts";
import { isPortTaken } from "./port.ts";
import { preflight } from "./preflight.ts";
import { planSandboxes, sandboxesProgram, sandboxLines, vendorEnvironment } from "./sandboxes.ts";
import { untilShutdown } from "./signals.ts";
import { startSupabase } from "./stack.ts";
import { supervise } from "./supervisor.ts";
import { webProgram } from "./web.ts";

// The entry point of `npm start` and `npm run dev`: the embedded project and the web app on it, until Ctrl-C.

const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });

// The reader of a pipe may have exited, as in `npm start | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  const failure = await start(readSettings(), values.dev);
  if (failure !== undefined) fail(failure);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
// An open IPC channel to the bootstrap would delay the exit.
process.exit();

/** Starts everything, and retries when a program takes a port between the check and the start. */
async function start(settings: Settings, isDevelopment: boolean): Promise<string | undefined> {
  const log = (line: string) => console.log(line);
  let shutdown: Promise<void> | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const free = await preflight(settings, log);
    shutdown ??= untilShutdown(log);
    const failure = await main(free, { isDevelopment, log, shutdown }).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (failure === undefined || attempt === 3 || !isPortTaken(failure)) return failure;
    log("A port was taken while it was started: starting again.");
  }
}

async function main(
  settings: Settings,
  {
    isDevelopment,
    log,
    shutdown,
  }: { isDevelopment: boolean; log: (line: string) => void; shutdown: Promise<void> },
): Promise<string | undefined> {
  const { dataDirectory, webPort, supabasePort, backendPort } = settings;
  const webUrl = `http://127.0.0.1:${webPort}`;
  const backendUrl = `http://127.0.0.1:${backendPort}`;
  // Valid for this run only: the assertions that it signs expire within a minute.
  const secret = randomBytes(32).toString("base64url");
  const stack = await startSupabase({
    ...readEmbedded(),
    dataDirectory,
    restPort: supabasePort,
    webOrigin: webUrl,
    log,
  });
  const sandboxes = await planSandboxes(dataDirectory, [webPort, backendPort]);
  const vendors = vendorEnvironment(sandboxes);
  const sandboxProgram = sandboxesProgram(sandboxes);
  return supervise({
    stack,
    programs: [
      ...(sandboxProgram ? [sandboxProgram] : []),
      backendProgram(stack, { port: backendPort, secret, vendors }),
      webProgram(stack, {
        port: webPort,
        isDevelopment,
        backend: { url: backendUrl, secret },
        dataDirectory,
      }),
    ],
    observers: [monitorProgram(stack, { webUrl, backendUrl, dataDirectory, vendors })],
    shutdown,
    log,
    onReady: () => {
      stack.note({ webUrl });
      log(
        `\nSmarterOS MCP is running: ${webUrl}\n\nCreate a tenant:\n${curlLine(webUrl, settings)}\n\n${sandboxLines(sandboxes)}\n\nFor an MCP client on this machine:\n${mcpClientSettings(stack)}\n`,
      );
    },
  });
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
