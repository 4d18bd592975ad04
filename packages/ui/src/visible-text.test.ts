import { expect, it } from "vitest";
import { invisibleIn, visibleText } from "./visible-text.ts";

it("writes out what would hide or turn the text around it", () => {
  expect(visibleText("a\u202eb\u0000\u2066\ud800\nñ 😀")).toBe("a⟨U+202E⟩b⟨U+0000⟩⟨U+2066⟩⟨U+D800⟩\nñ 😀");
  // Fillers and joiners that are letters or marks by name, and still nothing to the eye.
  expect(visibleText("\u3164\u115f\u034f❤\ufe0f")).toBe("⟨U+3164⟩⟨U+115F⟩⟨U+034F⟩❤\ufe0f");
  expect(invisibleIn("a\u200bb\u200b\n")).toEqual(["U+200B"]);
  expect(invisibleIn("Ñandú SpA")).toEqual([]);
});
