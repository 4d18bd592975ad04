export { type NameStyle, type ToolNames, toolNames } from "./names.ts";
export {
  createMcpServer,
  type McpServer,
  type McpServerOptions,
  type McpSession,
  type McpTools,
} from "./server.ts";
export { serveStdio } from "./stdio.ts";
