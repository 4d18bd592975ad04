import fc from "fast-check";
import { expect, it } from "vitest";
import { rut } from "./rut.ts";
import { checkDigit } from "./testing.ts";

const body = fc.integer({ min: 1_000_000, max: 99_999_999 });
const dotted = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");

it("takes every valid RUT, however it is written, to one stored form", () => {
  fc.assert(
    fc.property(body, fc.boolean(), fc.boolean(), fc.boolean(), (number, dots, dash, lower) => {
      const digit = checkDigit(number);
      const written = `${dots ? dotted(number) : number}${dash ? "-" : ""}${lower ? digit.toLowerCase() : digit}`;
      expect(rut.parse(`  ${written} `)).toBe(`${number}-${digit}`);
    }),
    { numRuns: 2_000 },
  );
});

it("refuses every other check digit and never shows the right one", () => {
  fc.assert(
    fc.property(body, fc.constantFrom(..."0123456789K"), (number, digit) => {
      fc.pre(digit !== checkDigit(number));
      const parsed = rut.safeParse(`${number}-${digit}`);
      expect(parsed.success).toBe(false);
      expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([
        "The check digit does not match. Ask for the RUT again.",
      ]);
    }),
    { numRuns: 2_000 },
  );
});

it("refuses anything that is not a RUT", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      fc.pre(!/^\s*[\d.]+-?[\dkK]\s*$/.test(text));
      expect(rut.safeParse(text).success).toBe(false);
    }),
    { numRuns: 2_000 },
  );
  for (const text of [
    "",
    "999.999-9",
    "100.000.000-7",
    "12.345.678--5",
    "12,345,678-5",
    "１２３４５６７８-5",
    "12345678-5\n1",
    "012345678-5",
    "-12345678-5",
  ]) {
    expect(rut.safeParse(text).success, text).toBe(false);
  }
});

it("knows the RUTs of the documentation", () => {
  expect(rut.parse("76.086.428-5")).toBe("76086428-5");
  expect(rut.parse("12.345.678-5")).toBe("12345678-5");
  expect(rut.parse("1.000.005-k")).toBe("1000005-K");
  expect(rut.safeParse("12.345.678-9").success).toBe(false);
});
