import { readBoundedBody } from "@smarteros/core/bounded-body";
import { isShallow } from "./nesting.ts";
import { upstreamError } from "./upstream-error.ts";

const maxBytes = 1_048_576;

/**
 * Reads the body as JSON or text, null where there is none. Throws `upstream_error` for other media types, for more than
 * 1 MiB (counted after decompression; the rest is not read), and for what is not the JSON or UTF-8 it claims to be.
 */
export async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const tooLarge = () => unusable(response, "larger than 1 MiB");
  const bytes = await readBoundedBody(response.body, { maxBytes, tooLarge, signal });
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

function parseShallow(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!isShallow(value)) throw new Error("the JSON is nested too deeply");
  return value;
}

function unusable(response: Response, reason: string) {
  return upstreamError(response.status, new Error(`the body is ${reason}`));
}
