import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Starts an HTTP server on loopback in place of an external service. */
export async function serve(respond: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(respond);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Responds to every request with the same JSON. */
export function jsonAt(status: number, body: unknown, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/**
 * Creates a listener that behaves like the Kong gateway of a hosted project: it rejects keys that are not the project's
 * and forwards the rest to `target`. `clockMs` shifts its clock.
 */
export function gateway(target: string, keys: string[], clockMs = 0): RequestListener {
  return async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const key = String(request.headers.apikey ?? "");
    if (request.url?.startsWith("/rest/") && !keys.includes(key)) {
      const message = key ? "Invalid API key" : "No API key found in request";
      const hint = "Double check your Supabase `anon` or `service_role` API key.";
      return jsonAt(401, { message, hint })(request, response);
    }
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const reply = await fetch(target + request.url, {
      method: request.method ?? "GET",
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    response.writeHead(reply.status, {
      "Content-Type": reply.headers.get("content-type") ?? "text/plain",
      Date: new Date(Date.now() + clockMs).toUTCString(),
    });
    response.end(Buffer.from(await reply.arrayBuffer()));
  };
}
