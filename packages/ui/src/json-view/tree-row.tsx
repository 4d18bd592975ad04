import { IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { memo } from "react";
import { DataText } from "./data-text.tsx";
import type { Match } from "./find.ts";
import { countOf, depthOf, type JsonDocument, parentOf } from "./json-document.ts";
import { firstOf, isLong, partRange, partsOf } from "./long-text.ts";
import { marksOf } from "./marks.ts";
import styles from "./result-view.module.css";
import type { Mark } from "./segments.ts";
import { expandable, type Place, whole } from "./tree-rows.ts";
import { TreeValue } from "./tree-value.tsx";
import { useSize } from "./use-size.ts";

type Props = {
  document: JsonDocument;
  node: number;
  part: number;
  index: number;
  id: string;
  start: number;
  open: boolean;
  active: boolean;
  matches: readonly Match[];
  current: Match | undefined;
  measure: (element: HTMLElement | null) => void;
  onActivate: (place: Place) => void;
  onToggle: (place: Place) => void;
};

/** Levels past this one are not indented further; the row names its level. */
const deepestIndent = 16;
const longestKey = 200;

/** One row of the tree: a node, or a part of a long text that is open. Keys reach it through the tree, which has the focus. */
export const TreeRow = memo(function TreeRow(props: Props) {
  const { document, node, part, index, id, start, open, active, measure } = props;
  const t = useTranslations("jsonView");
  const isPart = part !== whole;
  const opens = !isPart && expandable(document, node);
  const depth = depthOf(document, node) + (isPart ? 1 : 0);
  const [position, size] = setOf(document, node, part);
  const act = opens ? props.onToggle : props.onActivate;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
    <div
      className={styles.row}
      ref={measure}
      id={id}
      role="treeitem"
      tabIndex={-1}
      data-index={index}
      data-active={active || undefined}
      style={{ transform: `translateY(${start}px)` }}
      aria-level={depth + 1}
      aria-posinset={position + 1}
      aria-setsize={size}
      aria-selected={active}
      aria-expanded={opens ? open : undefined}
      onClick={() => {
        // Who drags over a text wants to copy it.
        if (getSelection()?.isCollapsed !== false) act({ node, part });
      }}
    >
      <span className={styles.indent} style={{ width: `${Math.min(depth, deepestIndent) * 14}px` }} />
      {depth > deepestIndent ? <span className={styles.level}>{t("level", { depth })}</span> : null}
      <span className={styles.toggle}>
        {opens ? <IconChevronRight size={16} data-open={open || undefined} aria-hidden /> : null}
      </span>
      <span className={styles.content}>{isPart ? <Part {...props} /> : <Whole {...props} />}</span>
    </div>
  );
});

function Whole({ document, node, open, matches, current }: Props) {
  const key = document.keys[node];
  return (
    <>
      {key === undefined ? null : (
        <>
          <Key name={key} marks={marksOf(matches, current, { node, part: "key" })} />
          {": "}
        </>
      )}
      <TreeValue
        document={document}
        node={node}
        open={open}
        marks={marksOf(matches, current, { node, part: "value" })}
      />
    </>
  );
}

function Key({ name, marks }: { name: string | number; marks: Mark[] }) {
  const t = useTranslations("jsonView");
  const sizeOf = useSize();
  if (typeof name === "number") return <span className={styles.index}>{name}</span>;
  const shown = name.length > longestKey + 40 ? firstOf(name, longestKey) : name;
  return (
    <span className={styles.key}>
      {name === "" ? '""' : <DataText text={shown} marks={marks} />}
      {shown === name ? null : (
        <span className={styles.more}>{t("more", { size: sizeOf(name.slice(shown.length)) })}</span>
      )}
    </span>
  );
}

function Part({ document, node, part, matches, current }: Props) {
  const value = document.values[node];
  if (!isLong(value)) return null;
  const [start, end] = partRange(value, part);
  const marks = marksOf(matches, current, { node, part: "value" }).map((mark) => ({
    ...mark,
    start: mark.start - start,
    end: mark.end - start,
  }));
  return (
    <span className={styles.string}>
      <DataText text={value.slice(start, end)} marks={marks} />
    </span>
  );
}

/** Which of how many siblings a row is. */
function setOf(document: JsonDocument, node: number, part: number): [position: number, size: number] {
  if (part !== whole) return [part, partsOf(String(document.values[node]))];
  const parent = parentOf(document, node);
  return [document.positions[node] ?? 0, parent < 0 ? 1 : countOf(document, parent)];
}
