import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import * as z from "zod";
import { input } from "../no-op.ts";

// The peer: the SDK's high-level server with the same tool and nothing else.
const server = new McpServer({ name: "peer", version: "0.0.0" });
const tool = { description: "Do nothing.", inputSchema: input, outputSchema: { text: z.string() } };
server.registerTool("bench_noop", tool, async ({ text }) => ({
  content: [{ type: "text", text: JSON.stringify({ text }) }],
  structuredContent: { text },
}));
await server.connect(new StdioServerTransport());
