import { processLines } from "@smarteros/core";
import { createMcpServer, serveStdio } from "@smarteros/mcp";
import { catalog, createBenchPipeline, principal } from "../no-op.ts";

// Our stdio server with the no-op tool; it logs to stderr like the real one.
const pipeline = createBenchPipeline(processLines({ info: process.stderr, error: process.stderr }));
const server = createMcpServer<object>({
  version: "0.0.0",
  transport: "stdio",
  names: "alias",
  instructions: "",
  tools: async () => ({ catalog, pipeline, session: async () => ({ principal, ports: {} }) }),
});
await serveStdio(server, { input: process.stdin, output: process.stdout }, new AbortController().signal);
