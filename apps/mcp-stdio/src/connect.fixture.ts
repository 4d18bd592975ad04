import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

export const program = path.join(import.meta.dirname, "../dist/bin.js");

/** Starts the real program and connects the SDK's client to it. */
export async function connect(env: Record<string, string>) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program],
    env,
    stderr: "pipe",
  });
  const client = new Client({ name: "test", version: "1" });
  const log: string[] = [];
  transport.stderr?.on("data", (chunk) => log.push(String(chunk)));
  await client.connect(transport);
  return { client, transport, log };
}
