import { FastMCP } from "fastmcp";
import * as z from "zod";
import { input } from "../no-op.ts";

// The peer: fastmcp with the same tool.
const server = new FastMCP({ name: "peer", version: "0.0.0" });
server.addTool({
  name: "bench_noop",
  description: "Do nothing.",
  parameters: z.object(input),
  execute: async ({ text }) => JSON.stringify({ text }),
});
await server.start({ transportType: "stdio" });
