import fc from "fast-check";
import { expect, test } from "vitest";
import { superuser } from "./embedded.ts";
import { checkDigit } from "./ruts.ts";

async function accepted(ruts: string[]): Promise<string[]> {
  const rows = await superuser<{ rut: string }[]>`
    select rut from unnest(${ruts}::text[]) rut where smarteros.rut_ok(rut)`;
  return rows.map(({ rut }) => rut);
}

test("exactly one of the eleven check digits of a body passes", async () => {
  const body = fc.integer({ min: 1_000_000, max: 99_999_999 });
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 100, maxLength: 300 }), async (bodies) => {
      const candidates = bodies.flatMap((number) => [..."0123456789K"].map((digit) => `${number}-${digit}`));
      expect(await accepted(candidates)).toEqual(bodies.map((number) => `${number}-${checkDigit(number)}`));
    }),
    { numRuns: 30 },
  );
});

test("text that is no RUT never passes", async () => {
  const canonical = /^[1-9]\d{6,7}-[\dK]$/;
  const text = fc
    .oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9kK.\s-]{0,14}$/))
    .filter(
      (candidate) => !canonical.test(candidate) && !candidate.includes("\0") && candidate.isWellFormed(),
    );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 200 }), async (texts) => {
      expect(await accepted(texts)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test.each(["12345678-5", "76086428-5", "1000000-9", "99999999-9", "1000005-K"])("%s passes", async (rut) => {
  expect(rut.at(-1)).toBe(checkDigit(Number.parseInt(rut, 10)));
  expect(await accepted([rut])).toEqual([rut]);
});

test.each([
  "12345678-9",
  "999999-3",
  "100000000-4",
  "0999999-3",
  "1000005-k",
  "12.345.678-5",
  "123456785",
  "12345678-5\n",
  "",
])("%j does not", async (rut) => {
  expect(await accepted([rut])).toEqual([]);
});
