import { expect, test } from "vitest";
import { bringDraft, type Drafts } from "./drafts.ts";

const written: Drafts = { "tenants.list": { text: '{"search":"mine"}', view: "json" } };

test("what a person wrote is put aside by what a link brings, and by that alone", () => {
  const first = bringDraft(written, "tenants.list", '{"search":"one"}');
  expect(first.aside).toEqual(written["tenants.list"]);
  expect(first.drafts["tenants.list"]).toEqual({ text: '{"search":"one"}', view: "json", brought: true });
  // A second link replaces the first one's arguments, and not what was put aside.
  expect(bringDraft(first.drafts, "tenants.list", '{"search":"two"}')).not.toHaveProperty("aside");
});

test("nothing is put aside where nothing was written, or the same", () => {
  expect(bringDraft({}, "tenants.list", "{}")).not.toHaveProperty("aside");
  expect(bringDraft({ a: { text: "{}", view: "form" } }, "a", '{"b":1}')).not.toHaveProperty("aside");
  expect(bringDraft(written, "tenants.list", '{"search":"mine"}')).not.toHaveProperty("aside");
});
