import { hoverTooltip } from "@codemirror/view";
import { getLocation } from "jsonc-parser";
import { visibleText } from "../../visible-text.ts";
import type { Schema } from "../schema.ts";
import { described } from "./completion.ts";
import { shapesAt } from "./schemas-at.ts";

/** Shows the schema's description of the key or value under the pointer. */
export function hoverFrom(source: () => { schema: Schema }) {
  return hoverTooltip((view, position) => {
    const { path, previousNode } = getLocation(view.state.doc.toString(), position);
    if (!previousNode || previousNode.offset > position) return null;
    const descriptions = shapesAt(source().schema, path).map(({ schema }) => schema.description);
    const description = descriptions.find((text) => typeof text === "string");
    if (description === undefined) return null;
    return {
      pos: previousNode.offset,
      end: previousNode.offset + previousNode.length,
      create: () => ({ dom: card(String(path.at(-1) ?? ""), description) }),
    };
  });
}

function card(name: string, description: string) {
  const dom = document.createElement("div");
  dom.className = "cm-schema";
  const title = document.createElement("code");
  title.textContent = visibleText(name);
  dom.append(title, described(description));
  return dom;
}
