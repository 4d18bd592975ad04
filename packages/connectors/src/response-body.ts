import { readBoundedBody } from "@smarteros/core/bounded-body";
import type { FailureReason } from "./connector-error.ts";

const maxBytes = 4 * 1_048_576;
/** Of a refusal only the beginning counts. */
const maxRefusalBytes = 65_536;

/** A response that cannot be used, whatever its status. */
export class UnusableAnswer extends Error {
  readonly status: number;
  readonly reason: FailureReason;

  constructor(status: number, reason: FailureReason) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * Returns the same response with its body read: up to 4 MiB (counted after decompression), of a refusal the first 64 KiB.
 * Rejects with `UnusableAnswer` for more, and with the signal's reason.
 */
export async function buffered(response: Response, signal: AbortSignal): Promise<Response> {
  const { ok, status, headers, body } = response;
  const tooLarge = () => new UnusableAnswer(status, "too_large");
  const limit = ok ? { maxBytes, tooLarge } : { maxBytes: maxRefusalBytes };
  const bytes = await readBoundedBody(body, { ...limit, signal });
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
}
