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

/**
 * Reads the body of a response and resolves to a response with it. Limits the body to 4 MiB after decompression; of an
 * error, reads the first 64 KiB. Rejects with `UnusableResponse` above the limit, and with the signal's reason.
 */
export async function buffered(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, headers } = response;
  const bytes = await readBytes(response, signal);
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
}

async function readBytes(response: Response, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  // After the response, fetch references its signal weakly, so the reader has to listen to the signal as well.
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
    // biome-ignore lint/performance/noAwaitInLoops: chunks of a stream are sequential.
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    length += value.byteLength;
    chunks.push(value);
    if (!response.ok && length > maxErrorBytes) {
      return Buffer.concat(chunks).subarray(0, maxErrorBytes);
    }
    if (length > maxBytes) throw new UnusableResponse(response.status, "too_large");
  }
}
