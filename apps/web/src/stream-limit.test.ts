import { expect, test } from "vitest";
import { createStreamLimit } from "./stream-limit.ts";

test("each user has so many, and one that is left is free again", () => {
  const streams = createStreamLimit({ perUser: 2, instead: "wait" });
  const first = streams.enter("a");
  streams.enter("a");
  expect(() => streams.enter("a")).toThrow(
    expect.objectContaining({ code: "rate_limited", details: { retryAfterMs: 5_000 } }),
  );
  streams.enter("b");
  first.leave();
  first.leave();
  streams.enter("a");
  expect(() => streams.enter("a")).toThrow();
});

test("all of them end together", () => {
  const streams = createStreamLimit({ perUser: 2, instead: "wait" });
  const seats = [streams.enter("a"), streams.enter("b")];
  streams.end();
  expect(seats.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});
