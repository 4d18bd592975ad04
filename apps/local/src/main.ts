import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readSettings, root, type Settings } from "./env.ts";
import { hasRecord, readRunning } from "./lock.ts";
import { becomesFree } from "./port.ts";
import { whenAskedToStop } from "./signals.ts";
import { startSupabase } from "./stack.ts";
import { supervise } from "./supervisor.ts";
import { webProgram } from "./web.ts";

// What `npm start` and `npm run dev` run: the embedded project and the web app on it, until Ctrl-C.

const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });

// Nobody may be reading any more, as in `npm start | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  const failure = await main(readSettings(), values.dev);
  if (failure !== undefined) fail(failure);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
// The channel to the bootstrap, if there is one, would keep us.
process.exit();

async function main(settings: Settings, isDevelopment: boolean): Promise<string | undefined> {
  const { dataDirectory, webPort, supabasePort } = settings;
  const running = readRunning(dataDirectory);
  if (running)
    throw new Error(`Already running here: ${running.webUrl ?? `still starting (pid ${running.pid})`}`);
  if (!isDevelopment && !existsSync(path.join(root, "apps/web/.next/BUILD_ID")))
    throw new Error('The web app is not built. Run "npm start", which builds it.');
  await requirePort("WEB_PORT", webPort, dataDirectory);
  await requirePort("SUPABASE_PORT", supabasePort, dataDirectory);

  const log = (line: string) => console.log(line);
  const stopAsked = whenAskedToStop(log);
  const webUrl = `http://127.0.0.1:${webPort}`;
  const stack = await startSupabase({ dataDirectory, restPort: supabasePort, webOrigin: webUrl, log });
  return supervise({
    stack,
    programs: [webProgram(stack, { port: webPort, isDevelopment })],
    stopAsked,
    log,
    onReady: () => {
      stack.note({ webUrl });
      console.log(
        `\nSmarterOS MCP is running: ${webUrl}\n\nCreate a tenant:\n${curlLine(webUrl, settings)}\n`,
      );
    },
  });
}

// What a killed start left behind takes a moment to notice that and end.
async function requirePort(name: string, port: number, dataDirectory: string): Promise<void> {
  if (await becomesFree(port, hasRecord(dataDirectory) ? 5000 : 0)) return;
  throw new Error(`Port ${port} is taken by another program. Free it, or set ${name} to another port.`);
}

function curlLine(webUrl: string, settings: Settings): string {
  const directory = settings.isDefaultDirectory ? "" : `SMARTEROS_DATA_DIR=${quote(settings.dataDirectory)} `;
  const token = `${directory}npm --prefix ${quote(root)} run -s token -- operator-a`;
  const call = { name: "tenants.create", args: { rut: "12.345.678-5", businessName: "Demo Corp" } };
  return `curl -s ${webUrl}/api/mcp/tool -H 'Content-Type: application/json' -H "Authorization: Bearer $(${token})" -d '${JSON.stringify(call)}'`;
}

function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
