import { expect, test } from "vitest";
import { clientAddress } from "./client-address.ts";

const from = (forwarded: string, hops: number) =>
  clientAddress(new Headers({ "X-Forwarded-For": forwarded }), hops);

test("the entry that the outermost trusted proxy wrote counts, from the right", () => {
  const list = "6.6.6.6, 203.0.113.7, 10.0.0.2";
  expect([1, 2, 3].map((hops) => from(list, hops))).toEqual(["10.0.0.2", "203.0.113.7", "6.6.6.6"]);
});

test("without a trusted proxy the header is ignored", () => {
  expect([from("203.0.113.7", 0), from("203.0.113.8", 0)]).toEqual(["unknown", "unknown"]);
});

test.each([
  ["203.0.113.7:55123", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["[2001:4860:1:2:3:4:5:6]:443", "2001:4860:1:2::/64"],
  ["2001:4860:1:2:ffff::1", "2001:4860:1:2::/64"],
  ["fe80::1%eth0", "fe80::/64"],
])("%s is limited as %s", (entry, address) => expect(from(entry, 1)).toBe(address));

test.each(["", "unknown", "_hidden", "localhost", "6.6.6.6; drop", "x".repeat(10_000)])(
  "what is no address shares one bucket",
  (entry) => expect(from(entry, 1)).toBe("unknown"),
);

test("a header with fewer entries than trusted proxies came past them, and shares that bucket", () => {
  expect(from("6.6.6.6", 2)).toBe("unknown");
});
