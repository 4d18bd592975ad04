import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A request that the product sends, and the line of the product that asked for it. */
export type SentRequest = {
  file: string;
  line: number;
  method: string;
  url: string;
  headers: Headers;
  body: string | undefined;
};

type Client = { from: Method; rpc: Method };
type Method = (this: Client, ...words: unknown[]) => { headers: Headers };

/**
 * Hands each request that goes to `origin` through a client of Supabase to `handle`, with the real `fetch` to send it on.
 * Every client of the process is watched, also those that the product makes itself. Resolves to what ends it.
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
  return function (...words) {
    const builder = method.apply(this, words);
    builder.headers.set(siteHeader, callSite());
    return builder;
  };
}

/** File and line in the product, of the nearest frame that is ours. */
function callSite(): string {
  const frames = (new Error("where").stack ?? "").split("\n");
  for (const frame of frames) {
    const [, file, line] = /(?:file:\/\/)?(\/[^():]+\.ts):(\d+):\d+/.exec(frame) ?? [];
    const relative = file?.startsWith(root) ? file.slice(root.length) : undefined;
    if (relative && /^(?:packages|apps)\//.test(relative)) return `${relative}:${line}`;
  }
  return "unknown:0";
}
