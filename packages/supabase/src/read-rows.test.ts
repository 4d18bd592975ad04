import { expect, test } from "vitest";
import { newerThan, olderThan, readRows } from "./read-rows.ts";

/** A table of so many numbers behind a `max-rows`, and what was asked of it. */
function table(size: number, maxRows: number, { counts = false } = {}) {
  const asked: { after: number | undefined; limit: number }[] = [];
  return {
    asked,
    query: async (after: number | undefined, limit: number) => {
      asked.push({ after, limit });
      const left = Array.from({ length: size }, (_, index) => index + 1).filter((row) => row > (after ?? 0));
      const data = left.slice(0, Math.min(limit, maxRows));
      return { data, error: null, status: 200, count: counts ? left.length : null };
    },
  };
}

test.each([
  { size: 120, maxRows: 50, most: undefined, pages: 4 },
  { size: 120, maxRows: 50, most: 101, pages: 3 },
  { size: 3, maxRows: 50, most: 26, pages: 2 },
  { size: 26, maxRows: 50, most: 26, pages: 1 },
  { size: 2500, maxRows: 1000, most: undefined, pages: 4 },
  { size: 5, maxRows: 1, most: undefined, pages: 6 },
  { size: 0, maxRows: 50, most: 10, pages: 1 },
])("$size rows behind max-rows $maxRows, $most at most, are read in $pages requests", async (given) => {
  const { asked, query } = table(given.size, given.maxRows);
  const rows = await readRows(query, given.most);
  expect(rows).toEqual(
    Array.from({ length: Math.min(given.size, given.most ?? given.size) }, (_, index) => index + 1),
  );
  expect(asked).toHaveLength(given.pages);
});

test("an exact count saves the request that finds nothing more", async () => {
  const { asked, query } = table(120, 50, { counts: true });
  expect(await readRows(query)).toHaveLength(120);
  expect(asked.map(({ after }) => after)).toEqual([undefined, 50, 100]);
});

test("a refusal is thrown as what it means", async () => {
  const refused = readRows(async () => ({
    data: null,
    error: { code: "42501", message: "permission denied" },
    status: 403,
  }));
  await expect(refused).rejects.toMatchObject({ code: "forbidden" });
});

test("a position becomes a filter with quoted values", () => {
  const row = { at: "2026-01-01T00:00:00+00:00", id: "a:b" };
  expect(olderThan("opened_at", row)).toBe(
    'opened_at.lt."2026-01-01T00:00:00+00:00",and(opened_at.eq."2026-01-01T00:00:00+00:00",id.lt."a:b")',
  );
  expect(newerThan("opened_at", row)).toContain('id.gt."a:b"');
});
