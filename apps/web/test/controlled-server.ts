import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The far side of the network, in a test's hands: an HTTP server whose behaviour a test changes while it runs, and
 * which tells what came.
 */
export async function controlledServer(initial: RequestListener) {
  const seen: string[] = [];
  const state = { respond: initial };
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    state.respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    become(respond: RequestListener) {
      state.respond = respond;
      seen.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Passes requests on to another server as they are. */
export function passOn(target: string): RequestListener {
  return async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const answer = await fetch(target + request.url, {
      method: request.method ?? "GET",
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    response.statusCode = answer.status;
    response.setHeader("Content-Type", answer.headers.get("content-type") ?? "text/plain");
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}

/** Takes a request and never answers. */
export const hang: RequestListener = () => undefined;

/** Answers every request alike. */
export function answerWith(status: number, body = "", headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}
