import path from "node:path";
import { root } from "./env.ts";
import type { Stack } from "./stack.ts";

/** The settings that make an MCP client on this machine use the tools as operator-a, as JSON to be pasted. */
export function mcpClientSettings({ supabaseUrl, publishableKey }: Stack): string {
  const server = {
    // Not "node": a desktop client has a PATH of its own, with whatever Node is on it.
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
