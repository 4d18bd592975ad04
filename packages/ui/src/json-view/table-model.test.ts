import { expect, test } from "vitest";
import { layOut } from "./json-document.ts";
import { listsIn } from "./lists.ts";
import { cellsOf, columnsOf, sortedRecords } from "./table-model.ts";

const keysOfLists = (value: unknown) => {
  const document = layOut(value);
  return listsIn(document).map((node) => document.keys[node] ?? "whole");
};

test("a table is offered for lists of objects alone", () => {
  expect(keysOfLists([{ a: 1 }])).toEqual(["whole"]);
  expect(keysOfLists({ tenants: [{}], nextCursor: "x", others: [{ b: 2 }], mixed: [{}, 1] })).toEqual([
    "tenants",
    "others",
  ]);
  expect(keysOfLists({ status: 200, data: { items: [{}] } })).toEqual(["items"]);
  for (const value of [[], [1], [null], [[{}]], { a: [] }, "text", null, { a: { b: { c: [{}] } } }])
    expect(keysOfLists(value)).toEqual([]);
});

test("columns are the names of all records, inherited ones never", () => {
  const document = layOut(JSON.parse('[{"a":1},{"__proto__":2,"b":3},{"constructor":4,"a":5}]'));
  expect(columnsOf(document, 0)).toEqual(["a", "__proto__", "b", "constructor"]);
  expect([...cellsOf(document, 3).keys()]).toEqual(["__proto__", "b"]);
});

test("sorts numbers, texts, the rest, what is missing last", () => {
  const nasty = { toString: 1, valueOf: 1 };
  const value = [{ a: null }, { a: "10" }, { a: "9" }, { a: 2 }, {}, { a: true }, { a: nasty }, { a: -1 }];
  const document = layOut(value);
  const order = (direction: "asc" | "desc") =>
    sortedRecords(document, 0, { column: "a", direction }, "es-CL").map(
      (node) => (document.values[node] as { a?: unknown }).a,
    );
  expect(order("asc")).toEqual([-1, 2, "9", "10", true, nasty, null, undefined]);
  expect(order("desc")).toEqual([nasty, true, "10", "9", 2, -1, null, undefined]);
});

test("sorts by what a record has itself, not by what every object has", () => {
  const document = layOut(JSON.parse('[{"a":1},{"__proto__":false}]'));
  const sorted = sortedRecords(document, 0, { column: "__proto__", direction: "desc" }, "es-CL");
  expect(sorted.map((node) => document.positions[node])).toEqual([1, 0]);
});
