import { isShallow } from "./nesting.ts";
import { upstreamError } from "./upstream-error.ts";

const mostBytes = 1_048_576;

/**
 * The body as JSON or text, null where there is none. Throws `upstream_error` for other media types, for more than
 * 1 MiB (counted after decompression; the rest is not read), and for what is not the JSON or UTF-8 it claims to be.
 */
export async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const bytes = await readBytes(response, signal);
  if (bytes.byteLength === 0) return null;
  const type = (response.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isJson = /^application\/(?:[\w.-]+\+)?json$/.test(type);
  if (!isJson && !type.startsWith("text/")) throw unusable(response, "neither JSON nor text");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return isJson ? parseShallow(text) : text;
  } catch (cause) {
    throw upstreamError(response.status, cause);
  }
}

async function readBytes(response: Response, signal: AbortSignal): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  // Once it has answered, fetch holds its signal weakly: only whoever reads can be sure to stop.
  const cancel = () => reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await collect(reader, response);
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
    signal.throwIfAborted();
  }
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>, response: Response) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    // biome-ignore lint/performance/noAwaitInLoops: a stream comes one piece after the other.
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    length += value.byteLength;
    if (length > mostBytes) throw unusable(response, "larger than 1 MiB");
    chunks.push(value);
  }
}

function parseShallow(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!isShallow(value)) throw new Error("the JSON is nested too deeply");
  return value;
}

function unusable(response: Response, reason: string) {
  return upstreamError(response.status, new Error(`the body is ${reason}`));
}
