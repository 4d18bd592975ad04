import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeItem, renameKey, setValue, swapItems } from "./edit-text.ts";
import { type Path, valueAt } from "./path.ts";

/** Every place in a value, the whole apart. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const steps: Path = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return steps.flatMap((step) => [
    [...path, step],
    ...places((value as Record<string | number, unknown>)[step], [...path, step]),
  ]);
}

const record = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { minKeys: 1 });
const spacing = fc.constantFrom(undefined, 1, 2, "\t");
const placed = fc.record({ value: record, space: spacing }).chain(({ value, space }) =>
  fc.record({
    value: fc.constant(value),
    text: fc.constant(JSON.stringify(value, null, space)),
    path: fc.constantFrom(...places(value)),
  }),
);

describe("an edit by the form", () => {
  it("changes the value at its place and no other", () => {
    fc.assert(
      fc.property(placed, fc.jsonValue(), ({ value, text, path }, given) => {
        const edited = JSON.parse(setValue(text, path, given));
        expect(valueAt(edited, path)).toEqual(JSON.parse(JSON.stringify(given)));
        expect(JSON.parse(setValue(JSON.stringify(edited), path, valueAt(value, path)))).toEqual(
          JSON.parse(text),
        );
      }),
    );
  });

  it("brings the same value back when a key is put in and taken out again", () => {
    fc.assert(
      fc.property(record, spacing, fc.string(), fc.jsonValue(), (value, space, key, given) => {
        fc.pre(!Object.hasOwn(value, key));
        const text = JSON.stringify(value, null, space);
        const edited = setValue(setValue(text, [key], given), [key], undefined);
        expect(JSON.parse(edited)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("moves and takes out items of a list", () => {
    const list = fc.array(fc.jsonValue(), { minLength: 2 });
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), spacing, (items, a, b, space) => {
        const [one, other] = [a % items.length, b % items.length];
        const text = JSON.stringify({ items, "": 1 }, null, space);
        const before = JSON.parse(text).items;
        expect(JSON.parse(swapItems(text, ["items"], one, other)).items).toEqual(
          before.with(one, before[other]).with(other, before[one]),
        );
        expect(JSON.parse(removeItem(text, ["items"], one)).items).toEqual(before.toSpliced(one, 1));
      }),
    );
  });

  it("leaves alone what it was not about: order, spacing, numbers too long for JavaScript", () => {
    const text = '{ "big": 12345678901234567890, "a":1.0,\n  "b" : 2 }';
    const edited = setValue(text, ["b"], 3);
    expect(edited).toBe('{ "big": 12345678901234567890, "a":1.0,\n  "b" : 3 }');
    const list = '{"big":12345678901234567890,"a":[1,[],2]}';
    expect(removeItem(list, ["a"], 0)).toBe('{"big":12345678901234567890,"a":[[],2]}');
    expect(removeItem(list, ["a"], 2)).toBe('{"big":12345678901234567890,"a":[1,[]]}');
    expect(swapItems(list, ["a"], 0, 2)).toBe('{"big":12345678901234567890,"a":[2,[],1]}');
    expect(renameKey(text, [], "a", "c")).toBe('{ "big": 12345678901234567890, "c":1.0,\n  "b" : 2 }');
  });

  it("makes what is missing on the way, and nothing for what is taken away from nowhere", () => {
    expect(JSON.parse(setValue("", ["services", "crm"], true))).toEqual({ services: { crm: true } });
    expect(setValue('{"a":1}', ["services", "crm"], undefined)).toBe('{"a":1}');
  });

  it("means the key that counts where one stands twice", () => {
    expect(JSON.parse(setValue('{"a":1,"a":2}', ["a"], 3))).toEqual({ a: 3 });
  });

  it("takes __proto__ for a key like any other", () => {
    const edited = JSON.parse(setValue("{}", ["__proto__", "polluted"], true));
    expect(Object.keys(edited)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("does not rename onto a key that is there", () => {
    expect(renameKey('{"a":1,"b":2}', [], "a", "b")).toBe('{"a":1,"b":2}');
  });
});
