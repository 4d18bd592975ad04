import { expect, it } from "vitest";
import { shownText, unseenCharacters } from "./shown-text.ts";

it("writes out what would hide or turn the text around it", () => {
  expect(shownText("a\u202eb\u0000\u2066\ud800\nñ 😀")).toBe("a⟨U+202E⟩b⟨U+0000⟩⟨U+2066⟩⟨U+D800⟩\nñ 😀");
  expect(unseenCharacters("a\u200bb\u200b\n")).toEqual(["U+200B"]);
  expect(unseenCharacters("Ñandú SpA")).toEqual([]);
});
