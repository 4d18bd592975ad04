import { childrenOf, countOf, type JsonDocument, parentOf } from "./json-document.ts";
import { expandable, type Open, type Place, type Rows, rowAt, whole, withOpen } from "./tree-rows.ts";

/** The state of a tree: which nodes are expanded, and the row that keys act on. */
export type TreeState = { open: Open; active: Place };

const pageOfRows = 10;

/**
 * The tree after a key, by the tree pattern of the ARIA Authoring Practices. The same state where the key means nothing.
 */
export function afterKey(document: JsonDocument, rows: Rows, state: TreeState, key: string): TreeState {
  const { open, active } = state;
  const row = rowAt(rows, active);
  const last = rows.nodes.length - 1;
  const goTo = (target: number) => ({ open, active: placeAt(rows, Math.min(last, Math.max(0, target))) });
  const isOpen = active.part === whole && expandable(document, active.node) && open[active.node] === 1;
  switch (key) {
    case "ArrowDown":
      return goTo(row + 1);
    case "ArrowUp":
      return goTo(row - 1);
    case "PageDown":
      return goTo(row + pageOfRows);
    case "PageUp":
      return goTo(row - pageOfRows);
    case "Home":
      return goTo(0);
    case "End":
      return goTo(last);
    case "ArrowRight":
      if (isOpen) return goTo(row + 1);
      return canOpen(document, active) ? { active, open: withOpen(open, [active.node], true) } : state;
    case "ArrowLeft":
      if (isOpen) return { active, open: withOpen(open, [active.node], false) };
      return { open, active: outOf(document, active) };
    case "Enter":
    case " ":
      return toggled(document, state);
    case "*":
      return { active, open: withOpen(open, siblingsToOpen(document, active.node), true) };
    default:
      return state;
  }
}

/** The tree after its active row was opened or closed; on a part of a text, the text is closed. */
export function toggled(document: JsonDocument, state: TreeState): TreeState {
  const { node } = state.active;
  if (!expandable(document, node)) return state;
  return { active: { node, part: whole }, open: withOpen(state.open, [node], !state.open[node]) };
}

/** The place that a row shows. */
const placeAt = (rows: Rows, row: number): Place => ({
  node: rows.nodes[row] ?? 0,
  part: rows.parts[row] ?? whole,
});

const canOpen = (document: JsonDocument, { node, part }: Place) =>
  part === whole && expandable(document, node);

const outOf = (document: JsonDocument, { node, part }: Place): Place =>
  part === whole ? { node: Math.max(0, parentOf(document, node)), part: whole } : { node, part: whole };

function siblingsToOpen(document: JsonDocument, node: number) {
  const parent = parentOf(document, node);
  const siblings = parent < 0 ? [node] : [...childrenOf(document, parent)];
  return siblings.filter((sibling) => countOf(document, sibling) > 0);
}
