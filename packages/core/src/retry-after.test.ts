import { expect, it, test } from "vitest";
import { retryAfter, retryAfterSeconds } from "./retry-after.ts";

it.each([
  [{ "Retry-After": "3" }, 3_000],
  [{ "Retry-After": "0" }, 0],
  [{ "Retry-After": "Thu, 01 Jan 1970 00:00:05 GMT" }, 5_000],
  [{ "Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT" }, 0],
  [{ "Retry-After": "999999" }, 900_000],
  [{ "Retry-After": "soon" }, undefined],
  [{ "RateLimit-Reset": "7" }, 7_000],
  [{ "Retry-After": "1", "RateLimit-Reset": "7" }, 1_000],
  [{}, undefined],
] as [Record<string, string>, number | undefined][])("%o is a wait of %s ms", (headers, expected) => {
  expect(retryAfter(new Headers(headers), expected === 0 ? 1_000 : 0)).toBe(expected);
});

test.each([
  [0, 1],
  [1_000, 1],
  [1_001, 2],
])("a wait of %i ms is %i s in a header", (milliseconds, seconds) => {
  expect(retryAfterSeconds(milliseconds)).toBe(seconds);
});
