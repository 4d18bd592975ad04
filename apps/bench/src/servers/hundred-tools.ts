import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { manyTools } from "../console/many-tools.ts";
import { jsonOf } from "../console/payload.ts";

// The Inspector's server: `count` tools like the product's, and one that returns JSON of a given size.
const like = manyTools(Number(process.argv[2])).map(({ alias, description, inputSchema, annotations }) => ({
  name: alias,
  description,
  inputSchema: { ...inputSchema, type: "object" as const },
  annotations,
}));
const json = {
  name: "json",
  description: "Answer JSON of so many bytes.",
  inputSchema: { type: "object" as const, properties: { bytes: { type: "integer" } }, required: ["bytes"] },
};
const server = new Server({ name: "probe", version: "0.0.0" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [json, ...like] }));
server.setRequestHandler(CallToolRequestSchema, async ({ params }) => ({
  content: [{ type: "text", text: jsonOf(Number(params.arguments?.bytes)) }],
}));
await server.connect(new StdioServerTransport());
