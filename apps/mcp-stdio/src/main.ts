import "./console.ts";
import { createMcpServer, serveStdio } from "@smarteros/mcp";
import { startTelemetry } from "@smarteros/observability/tracing";
import manifest from "../package.json" with { type: "json" };
import { parseEnvironment } from "./env.ts";
import { logger } from "./logger.ts";
import type { loadTools } from "./tools.ts";

const instructions =
  "Tools of SmarterOS, the back office of small Chilean businesses. A tenant is a business with a RUT. Ask for a RUT when it was not given; never invent or correct one. List tenants to find an id.";
const switchedOff =
  "The SmarterOS tools are switched off here: MCP_ENABLED is not true. Tell the operator; there is nothing to call.";

const settings = parseEnvironment();
if (settings.ok) await serve(settings.value);
else {
  logger.error("MISCONFIGURED", { problems: settings.problems });
  process.exitCode = 2;
}

async function serve(value: Parameters<typeof loadTools>[0]) {
  const telemetry =
    value.telemetry &&
    (await startTelemetry(value.telemetry, { name: "smarteros-mcp", version: manifest.version }));
  let loaded: Promise<ReturnType<typeof loadTools>> | undefined;
  const load = () => {
    loaded ??= import("./tools.ts").then((tools) => tools.loadTools(value));
    return loaded;
  };
  const server = createMcpServer({
    version: manifest.version,
    transport: "stdio",
    names: value.names,
    instructions: value.enabled ? instructions : switchedOff,
    tools: value.enabled ? load : undefined,
  });

  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  await serveStdio(server, { input: process.stdin, output: process.stdout }, stop.signal);
  await (await loaded)?.drain();
  await telemetry?.stop();
  // Keep-alive connections would prevent Node from exiting.
  process.exit();
}
