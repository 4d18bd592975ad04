import fc from "fast-check";
import { expect, it } from "vitest";
import { rut } from "./rut.ts";
import { formatRut, rutProblem, storedRut } from "./rut-rule.ts";
import { checkDigit } from "./testing.ts";

const body = fc.integer({ min: 1_000_000, max: 99_999_999 });
const dotted = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");

it("finds nothing wrong with a valid RUT, and takes every way of writing it to one form with dots and one without", () => {
  fc.assert(
    fc.property(body, fc.boolean(), fc.boolean(), fc.boolean(), (number, dots, dash, lower) => {
      const digit = checkDigit(number);
      const written = ` ${dots ? dotted(number) : number}${dash ? "-" : ""}${lower ? digit.toLowerCase() : digit}  `;
      expect(rutProblem(written)).toBeUndefined();
      expect(formatRut(written)).toBe(`${dotted(number)}-${digit}`);
      expect(storedRut(written)).toBe(`${number}-${digit}`);
      expect(formatRut(formatRut(written))).toBe(formatRut(written));
    }),
    { numRuns: 2_000 },
  );
});

it("refuses ten of eleven check digits, and accepts the right one", () => {
  fc.assert(
    fc.property(body, fc.constantFrom(..."0123456789K"), (number, digit) => {
      const written = `${number}${digit}`;
      expect(rutProblem(written)).toBe(digit === checkDigit(number) ? undefined : "check_digit");
      expect(formatRut(written)).toBe(`${dotted(number)}-${digit}`);
    }),
    { numRuns: 2_000 },
  );
});

it("agrees with the schema on every text", () => {
  const nearly = fc.string({ unit: fc.constantFrom(..."0123456789kK.- "), maxLength: 15 });
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string({ maxLength: 30 })), (text) => {
      expect(rut.safeParse(text).success).toBe(rutProblem(text) === undefined);
    }),
    { numRuns: 5_000 },
  );
});

it("leaves what is not written like a RUT as it is", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      fc.pre(!/^[\d.]+-?[\dkK]$/.test(text.trim()));
      expect(formatRut(text)).toBe(text.trim());
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ["", "too_short"],
  ["12.345", "too_short"],
  ["12.345.678--5", "too_long"],
  ["12,345,678-5", "malformed"],
  ["012345678-5", "check_digit"],
  ["999.999-9", "out_of_range"],
  ["100000000-7", "out_of_range"],
  ["12.345.678-9", "check_digit"],
  ["11.111.111-1", undefined],
  ["12.345.678-5", undefined],
  ["1.000.005-k", undefined],
])("%s: %s", (written, problem) => {
  expect(rutProblem(written)).toBe(problem);
});
