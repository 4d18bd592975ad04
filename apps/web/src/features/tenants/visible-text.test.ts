import { expect, it } from "vitest";
import { visibleText } from "./visible-text.ts";

it.each([
  ["Viña del Mar Ltda. 100 % & <b>", "Viña del Mar Ltda. 100 % & <b>"],
  ["abc\u202Ecod.exe", "abc⟨U+202E⟩cod.exe"],
  ["a\0b\tc\u2028d", "a⟨U+0000⟩b⟨U+0009⟩c⟨U+2028⟩d"],
  ["a\u200Bb\uFEFF", "a⟨U+200B⟩b⟨U+FEFF⟩"],
  ["half \uD800", "half ⟨U+D800⟩"],
  ["{\n  1\n}", "{\n  1\n}"],
  ["👩‍🔧 שלום", "👩‍🔧 שלום"],
])("shows %j as %j", (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});
