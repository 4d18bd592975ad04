import { expect, test } from "vitest";
import { messagesIn } from "./messages.ts";
import { localeOf, timeZoneOf } from "./user-preferences.ts";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value]] : flat(value, `${prefix + key}.`),
  );
}

const spanish = flat(messagesIn("es-CL"));
const english = flat(messagesIn("en"));

test("both languages have the same keys, none of them empty", () => {
  expect(english.map(([key]) => key).sort()).toEqual(spanish.map(([key]) => key).sort());
  expect([...spanish, ...english].filter(([, text]) => text.trim() === "")).toEqual([]);
});

test("both languages take the same values and marks", () => {
  const holes = (text: string) =>
    [...text.matchAll(/\{(\w+)[,}]|<(\w+)>/g)].map(([, value, mark]) => value ?? mark).sort();
  const other = new Map(english);
  for (const [key, text] of spanish) expect([key, holes(other.get(key) ?? "")]).toEqual([key, holes(text)]);
});

test("the Spanish says tú, and neither shouts nor apologizes", () => {
  const wrong =
    /\b(?:usted(?:es)?|vos|ingrese|seleccione|haga|presione|intente|revise|disculp\w*|perd[oó]n\w*|lo sentimos)\b|[!¡]|—/i;
  expect(spanish.filter(([, text]) => wrong.test(text))).toEqual([]);
});

test("the terms of the field stay as the glossary has them", () => {
  const avoided =
    /\b(?:inquilinos?|workflows?|aprovisionar|exitos[ao]|err[oó]nea|timeout|offline|clave api)\b/i;
  expect(spanish.filter(([, text]) => avoided.test(text))).toEqual([]);
});

test.each([
  [undefined, "es-CL,es;q=0.9,en;q=0.8", "es-CL"],
  [undefined, "es-ES", "es-CL"],
  [undefined, "en-GB,en;q=0.9", "en"],
  [undefined, "fr,en;q=0.5", "en"],
  [undefined, "fr", "es-CL"],
  [undefined, "*", "es-CL"],
  [undefined, null, "es-CL"],
  [undefined, "x;;;,\u0000 not-a-language-!", "es-CL"],
  ["en", "es-CL", "en"],
  ["../../etc", "en", "en"],
])("chosen %j and accepting %j, the page is in %s", (chosen, accepted, expected) => {
  expect(localeOf(chosen, accepted)).toBe(expected);
});

test.each([
  ["America/Punta_Arenas", "America/Punta_Arenas"],
  [undefined, "America/Santiago"],
  ["", "America/Santiago"],
  ["Mars/Olympus", "America/Santiago"],
  ["<script>", "America/Santiago"],
])("a browser that says it stands in %j reads the clock of %s", (told, expected) => {
  expect(timeZoneOf(told)).toBe(expected);
});
