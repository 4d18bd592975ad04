import { expect, test } from "vitest";
import { insertRows } from "./insert-rows.ts";

/** A store that accepts no negative number, and all or none of what it is given. */
function storeOf() {
  const stored: number[] = [];
  const refused: [number, unknown][] = [];
  return {
    stored,
    refused,
    async insert(rows: number[]) {
      if (rows.some((row) => row < 0)) return { cause: "negative" };
      stored.push(...rows);
      return undefined;
    },
    onRefused: (row: number, cause: unknown) => void refused.push([row, cause]),
  };
}

test("rows that the store refuses are reported, and all others inserted in order", async () => {
  const store = storeOf();
  expect(await insertRows([1, 2, -3, 4, 5, -6, 7], store)).toBe(5);
  expect(store.stored).toEqual([1, 2, 4, 5, 7]);
  expect(store.refused).toEqual([
    [-3, "negative"],
    [-6, "negative"],
  ]);
});

test("no rows need no store", async () => {
  expect(
    await insertRows([], { insert: () => Promise.reject(new Error("down")), onRefused: () => undefined }),
  ).toBe(0);
});

test("a store that cannot be reached rejects", async () => {
  const down = { insert: () => Promise.reject(new Error("down")), onRefused: () => undefined };
  await expect(insertRows([1, 2], down)).rejects.toThrow("down");
});
