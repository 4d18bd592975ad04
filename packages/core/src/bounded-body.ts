type Limit = {
  maxBytes: number;
  /** Makes the error for a longer body. Without it a longer body is cut off at `maxBytes`. */
  tooLarge?: () => Error;
  /** Stops the reading; its reason is then what the promise rejects with. */
  signal?: AbortSignal | undefined;
};

/**
 * Reads the body of a request or a response up to `maxBytes`, counted after decompression, and cancels what is left of it.
 * Resolves to no bytes where there is no body.
 */
export async function readBoundedBody(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, tooLarge, signal }: Limit,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  if (!reader) return new Uint8Array();
  // After the headers have arrived, fetch holds its signal weakly: only the reader is sure to notice an abort.
  const cancel = () => reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await collect(reader, maxBytes, tooLarge);
  } finally {
    signal?.removeEventListener("abort", cancel);
    cancel();
    signal?.throwIfAborted();
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  tooLarge: (() => Error) | undefined,
) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    length += value.byteLength;
    if (length > maxBytes && tooLarge) throw tooLarge();
    chunks.push(value);
    if (length > maxBytes) return Buffer.concat(chunks).subarray(0, maxBytes);
  }
}
