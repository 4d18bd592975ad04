import { SmarterosError } from "@smarteros/core";
import { readBoundedBody } from "@smarteros/core/bounded-body";
import { withDeadline } from "@smarteros/core/deadline";

/** Milliseconds within which a body must have arrived: 256 KiB at 26 KiB/s. */
const timeoutMs = 10_000;

/** Requests with a body that did not arrive in time. Their connections are closed after the response. */
export const slow = new WeakSet<Request>();

/**
 * Reads a body of at most `maximum` bytes. Throws `payload_too_large` for a longer one, whose rest is not read, and
 * `invalid_input` for a body that did not arrive within 10 s.
 */
export function readBody(request: Request, maximum: number): Promise<Uint8Array> {
  const expired = () => {
    slow.add(request);
    return tooSlow();
  };
  return withDeadline({ milliseconds: timeoutMs, expired }, () => read(request, maximum));
}

async function read(request: Request, maximum: number): Promise<Uint8Array> {
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > maximum) throw tooLarge(maximum);
  // The server ends a body where its announced length ends, and reading it whole is five times as fast.
  if (announced !== null) return new Uint8Array(await request.arrayBuffer());
  return readBoundedBody(request.body, { maxBytes: maximum, tooLarge: () => tooLarge(maximum) });
}

function tooLarge(maximum: number) {
  return new SmarterosError(
    "payload_too_large",
    `The body is larger than ${maximum / 1024} KiB. Send less at a time.`,
  );
}

function tooSlow() {
  const message = `The body did not arrive within ${timeoutMs / 1000} s. Send it again, whole.`;
  return new SmarterosError("invalid_input", message, { issues: [{ path: "", message }] });
}
