import { upstreamError } from "./upstream-error.ts";

const mostBytes = 1_048_576;
/** Deeper JSON is nobody's data, and whoever walks it by recursion after us would run out of stack. */
const deepest = 100;

/**
 * The body as JSON or text, null where there is none. Throws `upstream_error` for other media types, for more than
 * 1 MiB (counted after decompression; the rest is not read), and for what is not the JSON or UTF-8 it claims to be.
 */
export async function readBody(response: Response): Promise<unknown> {
  const bytes = await readBytes(response);
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

async function readBytes(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > mostBytes) throw unusable(response, "larger than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseShallow(text: string): unknown {
  const value: unknown = JSON.parse(text);
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) throw new Error("the JSON is nested too deeply");
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return value;
}

function unusable(response: Response, reason: string) {
  return upstreamError(response.status, new Error(`the body is ${reason}`));
}
