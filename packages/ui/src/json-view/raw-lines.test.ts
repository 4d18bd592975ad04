import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut } from "./json-document.ts";
import { type Line, lineAt, lineOf, linesOf } from "./raw-lines.ts";

const json = fc.jsonValue({ stringUnit: "binary", maxDepth: 5 });

const textOfLine = (line: Line) =>
  line.texts
    .flat()
    .map(({ text }) => text)
    .join("");

function textsOf(value: unknown) {
  const document = layOut(value);
  const lines = linesOf(document);
  return lines.nodes.map((_, index) => lineAt(document, lines, index, () => []));
}

test("the lines are those of the indented JSON text, with nothing invisible in them", () => {
  fc.assert(
    fc.property(json, (value) => {
      const lines = textsOf(value);
      const text = lines.map((line) => "  ".repeat(line.depth) + textOfLine(line)).join("\n");
      expect(JSON.parse(text)).toEqual(value);
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(lines.map(({ depth }) => depth)).toEqual(
        JSON.stringify(value, undefined, 2)
          .split("\n")
          .map((line) => line.search(/\S/) / 2),
      );
    }),
  );
});

test("a long key and a long text take several lines, which together are the same JSON", () => {
  const value = { ["k\n".repeat(3000)]: 'v"\\'.repeat(3000), next: 1 };
  const lines = textsOf(value);
  expect(lines.length).toBeGreaterThan(6);
  expect(JSON.parse(lines.map(textOfLine).join(""))).toEqual(value);
  expect(lines.every((line) => textOfLine(line).length < 12_100)).toBe(true);
  expect(lines.map(({ goesOn }) => goesOn)).toContain(true);
});

test("every node is found at its line", () => {
  fc.assert(
    fc.property(json, (value) => {
      const document = layOut(value);
      const lines = linesOf(document);
      for (const node of document.values.keys())
        expect(lineOf(document, lines, { node, piece: 0 })).toBe(lines.nodes.indexOf(node));
    }),
  );
});
