import path from "node:path";
import { root } from "./env.ts";
import type { Stack } from "./stack.ts";

/** Returns the settings, as JSON to paste, with which an MCP client on this machine calls tools as operator-a. */
export function mcpClientSettings({ supabaseUrl, publishableKey }: Stack): string {
  const server = {
    // Not "node": a desktop client's PATH may contain another version of Node.
    command: process.execPath,
    args: [path.join(root, "apps/mcp-stdio/dist/bin.js")],
    env: {
      MCP_ENABLED: "true",
      MCP_LOG_DB: "true",
      SMARTEROS_IDENTITY: "local",
      SMARTEROS_LOCAL_USER: "operator-a",
      NEXT_PUBLIC_SUPABASE_URL: supabaseUrl,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: publishableKey,
    },
  };
  return JSON.stringify({ mcpServers: { smarteros: server } }, null, 2);
}
