import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseArguments } from "./parse-arguments.ts";

describe("parseArguments", () => {
  it("takes an empty text for no arguments", () => {
    expect(parseArguments(" \n")).toEqual({ ok: true, value: {} });
  });

  it("goes no deeper than code can follow, and says where it stops", () => {
    const nested = (levels: number) => `{"a":\n${"[".repeat(levels)}"]\\"["${"]".repeat(levels)}}`;
    expect(parseArguments(nested(199))).toMatchObject({ ok: true });
    expect(parseArguments(nested(200))).toEqual({ ok: false, line: 2, column: 200 });
    expect(parseArguments(nested(100_000))).toEqual({ ok: false, line: 2, column: 200 });
  });

  it("keeps every value that JSON can hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseArguments(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it.each([
    ['{"a": 1,\n}', 2, 1],
    ['{"a" 1}', 1, 6],
    ['{\n  "a": tru\n}', 2, 8],
    ["{} x", 1, 4],
    ['{"a": 1', 1, 8],
    ["{'a': 1}", 1, 2],
    ["// no", 1, 1],
  ])("says where %j stops being JSON", (text, line, column) => {
    expect(parseArguments(text)).toEqual({ ok: false, line, column });
  });

  it("finds a place inside the text for whatever is not JSON", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",: \n1eEtrue-.\\u\u0001') }), (text) => {
        const parsed = parseArguments(text);
        if (parsed.ok) return;
        const lines = text.split("\n");
        expect(parsed.line).toBeLessThanOrEqual(lines.length);
        expect(parsed.column).toBeLessThanOrEqual((lines[parsed.line - 1] ?? "").length + 1);
      }),
    );
  });
});
