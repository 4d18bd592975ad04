import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { Complaint } from "../complaint.ts";
import type { Path } from "../path.ts";

export type Finding = Diagnostic & { line: number; path: string; told: Complaint["from"] };

/** Locates complaints in the text: at the value, at the unknown key, or at the object in which a key is missing. */
export function findingsOf(complaints: Complaint[], document: Text): Finding[] {
  const tree = complaints.length > 0 ? parseTree(document.toString()) : undefined;
  return complaints
    .map(({ at, text, from }): Finding => {
      const [start, end] = tree ? rangeOf(tree, at) : [0, 0];
      const last = document.length;
      return {
        from: Math.min(start, last),
        to: Math.min(end, last),
        severity: "error",
        message: text,
        line: document.lineAt(Math.min(start, last)).number,
        path: at.join("."),
        told: from,
      };
    })
    .toSorted((a, b) => a.from - b.from);
}

function rangeOf(tree: Node, at: Path): [number, number] {
  const node = findNodeAtLocation(tree, at);
  if (!node) return at.length === 0 ? opening(tree) : rangeOf(tree, at.slice(0, -1));
  if (node.type === "object" || node.type === "array") return opening(node);
  return [node.offset, node.offset + node.length];
}

/** Of an object or a list, its key where it has one: marking all of it would mark what is right in it. */
function opening(node: Node): [number, number] {
  const key = node.parent?.type === "property" ? node.parent.children?.[0] : undefined;
  if (key) return [key.offset, key.offset + key.length];
  return [node.offset, node.offset + 1];
}
