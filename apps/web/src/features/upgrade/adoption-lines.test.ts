import { expect, test } from "vitest";
import { batchesOf, linesOf, parseLines } from "./adoption-lines.ts";

const id = "0198c0de-0000-7000-8000-000000000001";

test("lines are read as they are written, blank ones aside", () => {
  const adoptions = [
    { tenantId: id, service: "odoo", externalId: "7" },
    { tenantId: id, service: "botpress", externalId: "bot:abc" },
  ] as const;
  const lines = linesOf([...adoptions]);
  expect(lines).toBe(`${id},odoo,7\n${id},botpress,bot:abc`);
  expect(parseLines(`\n${lines}\r\n  \n`)).toEqual({
    adoptions,
    problems: [],
  });
});

test("columns pasted from a spreadsheet are read too", () => {
  expect(parseLines(`${id.toUpperCase()}\tOdoo\t 7 \n${id};n8n;tag:1`).adoptions).toEqual([
    { tenantId: id, service: "odoo", externalId: "7" },
    { tenantId: id, service: "n8n", externalId: "tag:1" },
  ]);
});

test.each([
  [`${id},odoo`, "shape"],
  [`${id},odoo,7,8`, "shape"],
  ["1,odoo,7", "tenant"],
  [`${id},sap,7`, "service"],
  [`${id},odoo,`, "id"],
  [`${id},odoo,${"7".repeat(256)}`, "id"],
])("the line %j is refused for its %s", (line, problem) => {
  expect(parseLines(`\n${line}`)).toEqual({ adoptions: [], problems: [{ line: 2, problem }] });
});

test("a service that is given twice is refused the second time", () => {
  const { adoptions, problems } = parseLines(`${id},odoo,7\n${id},odoo,8`);
  expect(adoptions).toHaveLength(1);
  expect(problems).toEqual([{ line: 2, problem: "twice" }]);
});

test("adoptions are sent 25 at a time", () => {
  const some = (count: number) =>
    Array.from({ length: count }, () => ({ tenantId: id, service: "odoo", externalId: "7" }) as const);
  expect(batchesOf([])).toEqual([]);
  expect(batchesOf(some(25)).map(({ length }) => length)).toEqual([25]);
  expect(batchesOf(some(51)).map(({ length }) => length)).toEqual([25, 25, 1]);
});
