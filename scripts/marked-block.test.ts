import { expect, it } from "vitest";
import { drawLayers } from "./layers.ts";
import { withBlock } from "./marked-block.ts";
import { toolTable } from "./tool-table.ts";

it("replaces only the text between the markers, and throws without them", () => {
  const document = "before\n<!-- a:begin -->\nold\n<!-- a:end -->\nafter\n";
  const replaced = "before\n<!-- a:begin -->\nnew\n<!-- a:end -->\nafter\n";
  expect(withBlock(document, "a", "new")).toBe(replaced);
  expect(withBlock(replaced, "a", "new")).toBe(replaced);
  expect(() => withBlock(document, "b", "new")).toThrow("<!-- b:begin -->");
});

it("draws the top layer first, with its workspaces and allowed imports", () => {
  const boundaries = {
    core: { dependencies: { allow: [] } },
    ground: { dependencies: { allow: ["core"] } },
    app: { dependencies: { allow: ["core", "ground"] } },
  };
  expect(drawLayers(boundaries, { web: "app", core: "core", sql: "ground", identity: "ground" })).toBe(
    [
      "app      web              imports core, ground",
      "ground   identity · sql   imports core",
      "core     core             imports none",
    ].join("\n"),
  );
});

it("shows a tool's capability, effect and first sentence", () => {
  const annotations = { readOnlyHint: false, destructiveHint: true, idempotentHint: true };
  const description = "Delete a tenant softly: it can be restored. Use only when asked.";
  expect(toolTable([{ name: "tenants.delete", requires: "write", annotations, description }])).toContain(
    "| `tenants.delete` | write | destructive, idempotent | Delete a tenant softly: it can be restored |",
  );
});
