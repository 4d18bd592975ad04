import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useCallback, useEffect, useId, useRef } from "react";
import { heightOfText, keepInSight, withIndex } from "./list-window.ts";
import { partLength } from "./long-text.ts";
import styles from "./result-view.module.css";
import { TreeRow } from "./tree-row.tsx";
import { rowAt, whole } from "./tree-rows.ts";
import type { Search } from "./use-search.ts";
import type { Tree as TreeModel } from "./use-tree.ts";

/** The padding that the style sheet adds above and below the text of a row, in pixels. */
const rowPadding = () => (matchMedia("(pointer: coarse)").matches ? 24 : 4);

/**
 * Shows a result as a tree. Only the rows in view are rendered; the tree has the focus and names the active row, which
 * is always rendered.
 */
export function Tree({
  tree,
  search,
  onCopyPath,
  onCopyValue,
}: {
  tree: TreeModel;
  search: Search;
  onCopyPath: () => void;
  onCopyValue: () => void;
}) {
  const t = useTranslations("jsonView");
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { document, rows, open, active } = tree;
  const activeRow = rowAt(rows, active);
  // Computed once, because every row uses it.
  const rowHeight = rowPadding() + heightOfText(1, scroller.current);
  const partHeight = rowPadding() + heightOfText(partLength, scroller.current);
  const virtualizer = useVirtualizer({
    count: rows.nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows.parts[index] === whole ? rowHeight : partHeight),
    // A row retains its measured height while rows before it are added and removed.
    getItemKey: useCallback(
      (index: number) => (rows.nodes[index] ?? 0) + ((rows.parts[index] ?? 0) + 1) / 2 ** 20,
      [rows],
    ),
    overscan: 8,
    initialRect: { width: 480, height: 480 },
    useFlushSync: false,
    rangeExtractor: (range) => withIndex(range, activeRow),
  });

  // The active row comes into sight when it changes, not when rows above it do. What was found comes with what is
  // around it.
  const current = search.matches[search.current];
  const shown = useRef(active);
  useEffect(() => {
    if (shown.current === active) return;
    shown.current = active;
    virtualizer.scrollToIndex(activeRow, { align: current?.node === active.node ? "center" : "auto" });
    // A part of a long text may be higher than the box.
    const find = (box: HTMLElement) =>
      box.querySelector("[data-active] mark[data-current]") ?? box.querySelector("[data-active]");
    return keepInSight(scroller.current, find);
  }, [virtualizer, active, activeRow, current]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "c") onCopyValue();
    else if (event.key === "p") onCopyPath();
    else if (!tree.press(event.key) && !/^(Arrow|Page|Home|End| |Enter|\*)/.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div
      ref={scroller}
      className={styles.box}
      role="tree"
      tabIndex={0}
      aria-label={t("tree")}
      aria-activedescendant={`${id}${activeRow}`}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className={styles.sizer} style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const node = rows.nodes[index] ?? 0;
          return (
            <TreeRow
              key={key}
              id={`${id}${index}`}
              document={document}
              node={node}
              part={rows.parts[index] ?? whole}
              index={index}
              start={start}
              open={open[node] === 1}
              active={index === activeRow}
              matches={search.matches}
              current={current}
              measure={virtualizer.measureElement}
              onActivate={tree.activate}
              onToggle={tree.toggle}
            />
          );
        })}
      </div>
    </div>
  );
}
