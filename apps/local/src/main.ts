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
import { whenAskedToStop } from "./signals.ts";
import { startSupabase } from "./stack.ts";
import { supervise } from "./supervisor.ts";
import { webProgram } from "./web.ts";

// What `npm start` and `npm run dev` run: the embedded project and the web app on it, until Ctrl-C.

const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });

// Nobody may be reading any more, as in `npm start | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  const failure = await start(readSettings(), values.dev);
  if (failure !== undefined) fail(failure);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
// The channel to the bootstrap, if there is one, would keep us.
process.exit();

/** Starts, and starts again where a program took a port between the look at it and the start. */
async function start(settings: Settings, isDevelopment: boolean): Promise<string | undefined> {
  const log = (line: string) => console.log(line);
  let stopAsked: Promise<void> | undefined;
  for (let attempt = 1; ; attempt += 1) {
    // biome-ignore-start lint/performance/noAwaitInLoops: one attempt after another.
    const free = await preflight(settings, log);
    stopAsked ??= whenAskedToStop(log);
    const failure = await main(free, { isDevelopment, log, stopAsked }).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    // biome-ignore-end lint/performance/noAwaitInLoops: see above.
    if (failure === undefined || attempt === 3 || !isPortTaken(failure)) return failure;
    log("A port was taken while it was started: starting again.");
  }
}

async function main(
  settings: Settings,
  {
    isDevelopment,
    log,
    stopAsked,
  }: { isDevelopment: boolean; log: (line: string) => void; stopAsked: Promise<void> },
): Promise<string | undefined> {
  const { dataDirectory, webPort, supabasePort, backendPort } = settings;
  const webUrl = `http://127.0.0.1:${webPort}`;
  const backendUrl = `http://127.0.0.1:${backendPort}`;
  // Good for this run alone: what it signs lives for a minute.
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
    stopAsked,
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
