import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut } from "./json-document.ts";
import { afterKey } from "./tree-keys.ts";
import { ancestorsOf, openAll, openLevels, rowAt, rowsOf, whole } from "./tree-rows.ts";

const json = fc.jsonValue({ maxDepth: 5 });

test("all open shows every node once; all closed, the root and its children", () => {
  fc.assert(
    fc.property(json, (value) => {
      const document = layOut(value);
      const open = openLevels(document, 0);
      expect(rowsOf(document, openAll(document, open, true)).nodes).toEqual([...document.values.keys()]);
      const closed = rowsOf(document, openAll(document, open, false));
      expect(closed.nodes).toHaveLength(1 + document.counts[0]!);
    }),
  );
});

test("a row is shown where all that holds it is open, and is found again", () => {
  fc.assert(
    fc.property(json, fc.infiniteStream(fc.boolean()), (value, coins) => {
      const document = layOut(value);
      const open = Uint8Array.from(document.values, () => (coins.next().value ? 1 : 0));
      const rows = rowsOf(document, open);
      for (const node of document.values.keys()) {
        const shown = [...ancestorsOf(document, node)].every((ancestor) => open[ancestor]);
        expect(rows.nodes.includes(node)).toBe(shown);
        if (shown) expect(rows.nodes[rowAt(rows, { node, part: whole })]).toBe(node);
      }
    }),
  );
});

test("opens whole levels within its limit", () => {
  const tenants = Array.from({ length: 100 }, (_, id) => ({ id, services: { crm: true } }));
  const shown = (value: unknown, most: number) => {
    const document = layOut(value);
    return rowsOf(document, openLevels(document, most)).nodes.length;
  };
  expect(shown({ tenants, nextCursor: "x" }, 200)).toBe(103);
  expect(shown({ tenants: tenants.slice(0, 3) }, 200)).toBe(1 + 1 + 3 + 6 + 3);
  expect(shown(tenants, 10)).toBe(101);
  expect(shown("text", 10)).toBe(1);
});

test("a long text opens into parts, each found at its row", () => {
  const text = "a".repeat(1999) + "😀".repeat(3000);
  const document = layOut([text]);
  const rows = rowsOf(document, Uint8Array.of(1, 1));
  expect(rows.nodes).toEqual([0, ...Array(1 + Math.ceil(text.length / 2000)).fill(1)]);
  expect(rowAt(rows, { node: 1, part: 2 })).toBe(4);
});

test("keys move, open and close as the tree pattern says", () => {
  const document = layOut({ one: { two: [1, 2] }, three: { four: 4 }, text: "x".repeat(5000) });
  let state = { open: openLevels(document, 0), active: { node: 0, part: whole } };
  const press = (...keys: string[]) => {
    for (const key of keys) state = afterKey(document, rowsOf(document, state.open), state, key);
    return [document.keys[state.active.node], state.active.part, rowsOf(document, state.open).nodes.length];
  };
  expect(press("ArrowDown")).toEqual(["one", whole, 4]);
  expect(press("ArrowRight")).toEqual(["one", whole, 5]);
  expect(press("ArrowRight")).toEqual(["two", whole, 5]);
  expect(press("ArrowLeft")).toEqual(["one", whole, 5]);
  expect(press("ArrowLeft")).toEqual(["one", whole, 4]);
  expect(press("*")).toEqual(["one", whole, 6]);
  expect(press("End")).toEqual(["text", whole, 6]);
  expect(press("Enter")).toEqual(["text", whole, 9]);
  expect(press("ArrowDown", "ArrowDown")).toEqual(["text", 1, 9]);
  expect(press("ArrowLeft")).toEqual(["text", whole, 9]);
  expect(press("ArrowDown", "Enter")).toEqual(["text", whole, 6]);
  expect(press("Home", "ArrowUp")).toEqual([undefined, whole, 6]);
  expect(press("z")).toEqual([undefined, whole, 6]);
});
