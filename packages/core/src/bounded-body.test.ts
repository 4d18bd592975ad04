import { expect, test } from "vitest";
import { readBoundedBody } from "./bounded-body.ts";

/** A body of so many chunks of four bytes, or without an end, which notes why it was cancelled. */
function bodyOf(chunks: number) {
  const seen: { cancelled?: unknown } = {};
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent === chunks) controller.close();
      else controller.enqueue(new TextEncoder().encode("abcd"));
      sent += 1;
    },
    cancel(reason) {
      seen.cancelled = reason ?? "no reason";
    },
  });
  return { body, seen };
}
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const tooLarge = () => new Error("too large");

test("a body up to the maximum is read whole", async () => {
  const bytes = await readBoundedBody(bodyOf(3).body, { maxBytes: 12, tooLarge });
  expect(text(bytes)).toBe("abcdabcdabcd");
});

test("no body is no bytes", async () => {
  expect(await readBoundedBody(null, { maxBytes: 12, tooLarge })).toHaveLength(0);
});

test("a longer body is refused, and what is left of it cancelled", async () => {
  const { body, seen } = bodyOf(Number.POSITIVE_INFINITY);
  await expect(readBoundedBody(body, { maxBytes: 11, tooLarge })).rejects.toThrow("too large");
  expect(seen.cancelled).toBe("no reason");
});

test("a longer body is cut off where no error is given", async () => {
  const { body, seen } = bodyOf(Number.POSITIVE_INFINITY);
  expect(text(await readBoundedBody(body, { maxBytes: 6 }))).toBe("abcdab");
  expect(seen.cancelled).toBe("no reason");
});

test("an abort stops the reading with its reason, also of a body that sends nothing", async () => {
  const stop = new AbortController();
  const seen: unknown[] = [];
  const silent = new ReadableStream<Uint8Array>({ cancel: (reason) => void seen.push(reason) });
  const reading = readBoundedBody(silent, { maxBytes: 6, signal: stop.signal });
  const reason = new Error("stopped");
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(seen).toEqual([reason]);
});
