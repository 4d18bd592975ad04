import { SmarterosError } from "@smarteros/core";

/** Milliseconds within which a body must have arrived: 256 KiB at 26 KiB/s. */
const timeout = 10_000;

/** Requests with a body that did not arrive in time. Their connections are closed after the response. */
export const slow = new WeakSet<Request>();

/**
 * Reads a body of at most so many bytes, and stops reading where it is longer or late. Throws `payload_too_large`, and
 * `invalid_input` for a body that did not arrive within 10 s.
 */
export async function readBody(request: Request, maximum: number): Promise<Uint8Array> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    slow.add(request);
    late.reject(tooSlow());
  }, timeout);
  try {
    return await Promise.race([read(request, maximum), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function read(request: Request, maximum: number): Promise<Uint8Array> {
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > maximum) throw tooLarge(maximum);
  // The server ends a body where its announced length ends, and reading it whole is five times as fast.
  if (announced !== null) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maximum) throw tooLarge(maximum);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maximum: number) {
  return new SmarterosError(
    "payload_too_large",
    `The body is larger than ${maximum / 1024} KiB. Send less at a time.`,
  );
}

function tooSlow() {
  const message = `The body did not arrive within ${timeout / 1000} s. Send it again, whole.`;
  return new SmarterosError("invalid_input", message, { issues: [{ path: "", message }] });
}
