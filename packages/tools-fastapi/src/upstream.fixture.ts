import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Call, createPrincipal, uuidv7 } from "@smarteros/core";

type Hit = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
export type Upstream = {
  url: string;
  hits: Hit[] /** Answers whose connection was gone before they were done. */;
  abandoned(): number;
  stop(): Promise<void>;
};
type Handler = (request: IncomingMessage, response: ServerResponse, hit: number) => void;

/** A real HTTP server on loopback that counts what reaches it, before it answers. */
export async function startUpstream(handle: Handler = (_, response) => json(response, 200, {})) {
  const hits: Hit[] = [];
  let abandoned = 0;
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const hit: Hit = { method, url, headers, body: "" };
    hits.push(hit);
    const number = hits.length;
    response.once("close", () => response.writableFinished || abandoned++);
    for await (const chunk of request) hit.body += chunk;
    handle(request, response, number);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no address");
  const upstream: Upstream = {
    url: `http://127.0.0.1:${address.port}`,
    hits,
    abandoned: () => abandoned,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

/** Answers JSON. */
export function json(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

/** A call by an operator. */
export function callOf(userId = "user_1", signal: AbortSignal = new AbortController().signal): Call {
  return {
    principal: createPrincipal(userId, "operator"),
    requestId: uuidv7(),
    invocationId: uuidv7(),
    signal,
  };
}
