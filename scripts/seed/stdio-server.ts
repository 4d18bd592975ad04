import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "../../apps/mcp-stdio/src/connect.fixture.ts";
import { embeddedOf } from "./row.ts";
import type { Target } from "./target.ts";

/** Starts an MCP server over stdio as a user's client does, and the client. */
export async function stdioServer(target: Target, settings: Record<string, string> = {}) {
  const { supabaseUrl, publishableKey } = embeddedOf(target).settings;
  const { client } = await connect({
    MCP_ENABLED: "true",
    NEXT_PUBLIC_SUPABASE_URL: supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: publishableKey,
    SMARTEROS_IDENTITY: "local",
    SMARTEROS_LOCAL_USER: "operator-a",
    ...settings,
  });
  return { client, stop: () => client.close() };
}

/** Starts one such server for all checks, with a loopback backend that stores the headers of its last request. */
export const stdioClient = (target: Target) =>
  target.once("stdio server", async () => {
    const received: { headers: IncomingHttpHeaders } = { headers: {} };
    const backend = createServer((request, response) => {
      received.headers = request.headers;
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"ok":true}');
    });
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    const { port } = backend.address() as AddressInfo;
    const { client, stop } = await stdioServer(target, { FASTAPI_URL: `http://127.0.0.1:${port}` });
    target.afterwards(async () => {
      await stop();
      backend.closeAllConnections();
      backend.close();
    });
    return { client, received };
  });
