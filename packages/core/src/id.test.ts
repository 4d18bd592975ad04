import { validate, version } from "uuid";
import { expect, it } from "vitest";
import { uuidv7 } from "./id.ts";

it("makes UUIDs of version 7 that carry their time and sort by it", () => {
  const times = [0, 1, 1_764_000_000_000, 2 ** 48 - 1];
  const ids = times.map((time) => uuidv7(time));
  for (const [index, id] of ids.entries()) {
    expect(validate(id) && version(id), id).toBe(7);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(times[index]);
  }
  expect(ids.toSorted()).toEqual(ids);
});

it("repeats nothing within a millisecond", () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(1))).size).toBe(10_000);
});
