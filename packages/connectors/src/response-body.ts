import type { FailureReason } from "./connector-error.ts";

const mostBytes = 4 * 1_048_576;
/** Of a refusal only its first words count. */
const mostBytesOfRefusal = 65_536;

/** An answer that cannot be used, whatever its status. */
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
 * The same response with its body read: whole up to 4 MiB (counted after decompression), of a refusal the first 64 KiB.
 * Rejects with `UnusableAnswer` for more, and with the signal's reason.
 */
export async function buffered(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, headers } = response;
  const bytes = await readBytes(response, signal);
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
}

async function readBytes(response: Response, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
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
    chunks.push(value);
    if (!response.ok && length > mostBytesOfRefusal) {
      return Buffer.concat(chunks).subarray(0, mostBytesOfRefusal);
    }
    if (length > mostBytes) throw new UnusableAnswer(response.status, "too_large");
  }
}
