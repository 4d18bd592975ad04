import { visibleText } from "../../visible-text.ts";
import type { Schema } from "../schema.ts";
import { shapeOf } from "../shape.ts";

export type OptionType = "string" | "number" | "integer" | "boolean" | "object" | "array" | "null" | "choice";

/** Labels alternatives by title, by a key that is constant in them, else by type; never the same label twice. */
export function optionLabels(
  options: Schema[],
  root: Schema,
  wordOf: (type: OptionType) => string,
): string[] {
  const labels = options.map((option) => {
    if (typeof option.title === "string") return visibleText(option.title);
    return constantIn(option, root) ?? wordOf(typeOf(option, root));
  });
  return labels.map((label, index) => {
    const alike = labels.filter((other) => other === label).length > 1;
    return alike
      ? `${label} (${labels.slice(0, index + 1).filter((other) => other === label).length})`
      : label;
  });
}

function constantIn(option: Schema, root: Schema): string | undefined {
  const shape = shapeOf(option, root);
  if (shape.kind === "choice" && shape.values.length <= 3)
    return visibleText(shape.values.map((value) => JSON.stringify(value)).join(" / "));
  if (shape.kind !== "object") return undefined;
  for (const [key, property] of shape.properties) {
    const inner = shapeOf(property, root);
    if (inner.kind === "choice" && inner.values.length === 1)
      return visibleText(`${key}: ${JSON.stringify(inner.values[0])}`);
  }
  return undefined;
}

function typeOf(option: Schema, root: Schema): OptionType {
  const shape = shapeOf(option, root);
  switch (shape.kind) {
    case "text":
      return "string";
    case "number":
      return shape.whole ? "integer" : "number";
    case "flag":
      return "boolean";
    case "list":
      return "array";
    case "alternatives":
      return "choice";
    default:
      return shape.kind;
  }
}
