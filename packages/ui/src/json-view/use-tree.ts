import { useCallback, useMemo, useState } from "react";
import type { Match } from "./find.ts";
import type { JsonDocument } from "./json-document.ts";
import { isLong, partAt, shownLength } from "./long-text.ts";
import { afterKey, type TreeState, toggled } from "./tree-keys.ts";
import { ancestorsOf, openAll, openLevels, type Place, rowsOf, whole, withOpen } from "./tree-rows.ts";

/** About as many rows as a person looks through without searching. */
const mostRowsAtFirst = 200;

export type Tree = ReturnType<typeof useTree>;

/** The tree of a document: what is open, the active row, and what changes them. */
export function useTree(document: JsonDocument) {
  const [state, setState] = useState<TreeState>(() => ({
    open: openLevels(document, mostRowsAtFirst),
    active: { node: 0, part: whole },
  }));
  const { open, active } = state;
  const rows = useMemo(() => rowsOf(document, open), [document, open]);

  return {
    document,
    rows,
    open,
    active,
    /** Handles a key. Returns whether the tree uses it. */
    press(key: string) {
      const next = afterKey(document, rows, state, key);
      setState(next);
      return next !== state;
    },
    activate: useCallback((place: Place) => setState((now) => ({ ...now, active: place })), []),
    toggle: useCallback(
      (place: Place) => setState((now) => toggled(document, { ...now, active: place })),
      [document],
    ),
    expandAll: useCallback(
      () => setState((now) => ({ ...now, open: openAll(document, now.open, true) })),
      [document],
    ),
    collapseAll: () =>
      setState((now) => ({ open: openAll(document, now.open, false), active: { node: 0, part: whole } })),
    /** Makes a match the active row and opens what holds it. */
    reveal: useCallback((match: Match) => setState((now) => revealed(document, now, match)), [document]),
  };
}

function revealed(document: JsonDocument, { open }: TreeState, match: Match): TreeState {
  const { node } = match;
  const value = document.values[node];
  const inParts = match.part === "value" && isLong(value) && (open[node] || match.end > shownLength(value));
  const closed = [...ancestorsOf(document, node), ...(inParts ? [node] : [])].filter((at) => !open[at]);
  return {
    open: closed.length > 0 ? withOpen(open, closed, true) : open,
    active: { node, part: inParts ? partAt(value, match.start) : whole },
  };
}
