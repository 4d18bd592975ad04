import { visibleIndentedJson, visibleJson } from "../visible-text.ts";

/**
 * The call of a tool as one line for a POSIX shell. The token is read from `SMARTEROS_TOKEN` when the line runs: what is
 * copied is pasted into chats and tickets.
 */
export function asCurl({ name, args, origin }: { name: string; args?: unknown; origin: string }): string {
  return [
    `curl -sS ${quoted(`${origin}/api/mcp/tool`)}`,
    `-H "Authorization: Bearer $SMARTEROS_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `--data-raw ${quoted(visibleJson({ name, args }))}`,
  ].join(" ");
}

/** The call of a tool as the JSON-RPC 2.0 request of the Model Context Protocol; `alias` is the tool's name there. */
export function asToolsCall({ alias, args }: { alias: string; args?: unknown }): string {
  return visibleIndentedJson({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: alias, arguments: args },
  });
}

/** Quotes a word for the shell, which expands nothing between single quotes. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
