import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { getLocation, parse } from "jsonc-parser";
import { visibleText } from "../../visible-text.ts";
import { type CustomField, customFieldFor } from "../custom-field.ts";
import { type Path, valueAt } from "../path.ts";
import { isRecord, type Schema } from "../schema.ts";
import type { Shape } from "../shape.ts";
import { shapeOf } from "../shape.ts";
import { startValue } from "../start-value.ts";
import { shapesAt } from "./schemas-at.ts";

type Source = () => { schema: Schema; fields: readonly CustomField[] };

/** Completes keys that are not there yet, and values that the schema names. */
export function completeFrom(source: Source) {
  return (context: CompletionContext): CompletionResult | null => {
    const { schema, fields } = source();
    const text = context.state.doc.toString();
    const { path, isAtPropertyKey, previousNode } = getLocation(text, context.pos);
    const inside = previousNode && context.pos <= previousNode.offset + previousNode.length;
    const word = context.matchBefore(/[\w.+-]+/);
    if (!inside && !word && !context.explicit && !/[{,:[\s]$/.test(text.slice(0, context.pos))) return null;
    const from = inside ? previousNode.offset : (word?.from ?? context.pos);
    const to = inside ? previousNode.offset + previousNode.length : context.pos;
    const options = isAtPropertyKey
      ? keys(schema, path.slice(0, -1), parse(text), /^\s*:/.test(text.slice(to)))
      : values(schema, path, fields);
    if (options.length === 0) return null;
    const typed = text.slice(from, context.pos).replaceAll('"', "").toLowerCase();
    // A key or a text is matched without its quotes, so the list is filtered here.
    return {
      from,
      to,
      filter: false,
      options: options.filter(({ label }) => label.toLowerCase().includes(typed)),
    };
  };
}

function keys(root: Schema, path: Path, whole: unknown, followed: boolean): Completion[] {
  const object = valueAt(whole, path);
  const present = new Set(isRecord(object) ? Object.keys(object) : []);
  const found = new Map<string, Completion>();
  for (const shape of shapesAt(root, path)) {
    if (shape.kind !== "object") continue;
    for (const [key, schema] of shape.properties) {
      if (present.has(key) || found.has(key)) continue;
      const start = followed ? "" : `: ${JSON.stringify(startValue(schema, root))}`;
      const { description } = shapeOf(schema, root).schema;
      found.set(key, {
        label: visibleText(key),
        type: "property",
        apply: JSON.stringify(key) + start,
        ...(shape.required.has(key) ? { boost: 1, detail: "*" } : {}),
        ...(typeof description === "string" ? { info: () => described(description) } : {}),
      });
    }
  }
  return [...found.values()];
}

function values(root: Schema, path: Path, fields: readonly CustomField[]): Completion[] {
  const found = new Map<string, Completion>();
  const offer = (value: unknown) => {
    const written = JSON.stringify(value);
    found.set(written, { label: visibleText(written), type: "constant", apply: written });
  };
  for (const shape of shapesAt(root, path)) {
    for (const value of valuesOf(shape)) offer(value);
    if (shape.schema.default !== undefined) offer(shape.schema.default);
    for (const { value, label } of customFieldFor(fields, path.at(-1), shape.schema)?.completions ?? [])
      found.set(value, { label: visibleText(label), type: "text", apply: JSON.stringify(value) });
  }
  return [...found.values()];
}

function valuesOf(shape: Shape): unknown[] {
  if (shape.kind === "choice") return shape.values;
  if (shape.kind === "flag") return [true, false];
  return shape.kind === "null" ? [null] : [];
}

/** Renders a description of the schema, which is in English, as plain text. */
export function described(description: string): HTMLElement {
  const element = document.createElement("p");
  element.lang = "en";
  element.textContent = visibleText(description);
  return element;
}
