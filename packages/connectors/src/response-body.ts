import { readBoundedBody } from "@smarteros/core/bounded-body";
import type { FailureReason } from "./connector-error.ts";

const maxBytes = 4 * 1_048_576;
/** Lower than `maxBytes`, because only the beginning of an error body is used. */
const maxErrorBytes = 65_536;

/** Thrown for a response with an unusable body. */
export class UnusableResponse extends Error {
  readonly status: number;
  readonly reason: FailureReason;

  constructor(status: number, reason: FailureReason) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }
}

/** Creates the error for a body that is no JSON. Another content type means that something else than the API responded. */
export function notJson({ status, headers }: Pick<Response, "status" | "headers">): UnusableResponse {
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(headers.get("Content-Type") ?? "");
  return new UnusableResponse(status, isJson ? "not_json" : "other_content");
}

/**
 * Reads the body of a response and resolves to a response with it. Limits the body to 4 MiB after decompression; of an
 * error, reads the first 64 KiB. Rejects with `UnusableResponse` above the limit, and with the signal's reason.
 */
export async function buffered(response: Response, signal: AbortSignal): Promise<Response> {
  const { ok, status, headers, body } = response;
  const tooLarge = () => new UnusableResponse(status, "too_large");
  const limit = ok ? { maxBytes, tooLarge } : { maxBytes: maxErrorBytes };
  const bytes = await readBoundedBody(body, { ...limit, signal });
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
}
