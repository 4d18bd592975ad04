import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A request of the product, and the line that sent it. */
export type SentRequest = {
  file: string;
  line: number;
  method: string;
  url: string;
  headers: Headers;
  body: string | undefined;
};

type Client = { from: Method; rpc: Method };
type Method = (this: Client, ...args: unknown[]) => { headers: Headers };

/**
 * Intercepts each request that a Supabase client sends to `origin` and passes it to `handle` with the real `fetch`.
 * Covers all clients of the process. Resolves to the function that ends it.
 */
export async function watchRequests(
  origin: string,
  handle: (request: SentRequest, send: typeof fetch) => Promise<Response>,
): Promise<() => void> {
  const send = globalThis.fetch;
  const library = createRequire(new URL("../../packages/supabase/package.json", import.meta.url)).resolve(
    "@supabase/postgrest-js",
  );
  const { PostgrestClient } = await import(pathToFileURL(library.replace(/\.cjs$/, ".mjs")).href);
  const prototype = PostgrestClient.prototype as Client;
  const { from, rpc } = prototype;
  prototype.from = named(from);
  prototype.rpc = named(rpc);

  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const site = request.headers.get(siteHeader);
    if (site === null || !request.url.startsWith(origin)) return send(request);
    request.headers.delete(siteHeader);
    const [file = "", line = ""] = site.split(":");
    const { method, url, headers } = request;
    const body = request.body === null ? undefined : await request.text();
    return handle({ file, line: Number(line), method, url, headers, body }, send);
  };
  return () => {
    Object.assign(prototype, { from, rpc });
    globalThis.fetch = send;
  };
}

const siteHeader = "x-call-site";

function named(method: Method): Method {
  return function (...args) {
    const builder = method.apply(this, args);
    builder.headers.set(siteHeader, callSite());
    return builder;
  };
}

/** Returns file and line of the nearest stack frame in the product. */
function callSite(): string {
  const frames = (new Error("where").stack ?? "").split("\n");
  for (const frame of frames) {
    const [, file, line] = /(?:file:\/\/)?(\/[^():]+\.ts):(\d+):\d+/.exec(frame) ?? [];
    const relative = file?.startsWith(root) ? file.slice(root.length) : undefined;
    if (relative && /^(?:packages|apps)\//.test(relative)) return `${relative}:${line}`;
  }
  return "unknown:0";
}
