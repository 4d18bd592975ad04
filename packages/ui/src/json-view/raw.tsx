import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { memo, useEffect, useMemo, useRef } from "react";
import { Segments } from "./data-text.tsx";
import type { Match } from "./find.ts";
import type { JsonDocument } from "./json-document.ts";
import { heightOfText, keepInSight } from "./list-window.ts";
import { partAt, partLength } from "./long-text.ts";
import { marksOf } from "./marks.ts";
import { type Lines, lineAt, lineOf, linesOf, pieceAt } from "./raw-lines.ts";
import styles from "./result-view.module.css";
import type { Search } from "./use-search.ts";

const deepestIndent = 32;

/** The JSON text of a result, of which only the lines in sight exist. */
export function Raw({ document, search }: { document: JsonDocument; search: Search }) {
  const t = useTranslations("jsonView");
  const scroller = useRef<HTMLElement>(null);
  const lines = useMemo(() => linesOf(document), [document]);
  const lineHeight = heightOfText(1, scroller.current);
  const partHeight = heightOfText(partLength, scroller.current);
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: lines.nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ((lines.pieces[index] ?? 0) > 0 ? partHeight : lineHeight),
    overscan: 12,
    initialRect: { width: 480, height: 480 },
    useFlushSync: false,
  });
  const current = search.matches[search.current];
  useEffect(() => {
    if (!current) return;
    const { node, part, start } = current;
    const text = String(part === "key" ? document.keys[node] : document.values[node]);
    const piece = pieceAt(document, node, part, partAt(text, start));
    virtualizer.scrollToIndex(lineOf(document, lines, { node, piece }), { align: "center" });
    return keepInSight(scroller.current, (box) => box.querySelector("mark[data-current]"));
  }, [virtualizer, document, lines, current]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section ref={scroller} className={styles.box} tabIndex={0} aria-label={t("lines")}>
      <div className={styles.sizer} style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => (
          <RawLine
            key={key}
            document={document}
            lines={lines}
            index={index}
            start={start}
            matches={search.matches}
            current={current}
            measure={virtualizer.measureElement}
          />
        ))}
      </div>
    </section>
  );
}

const RawLine = memo(function RawLine(props: {
  document: JsonDocument;
  lines: Lines;
  index: number;
  start: number;
  matches: readonly Match[];
  current: Match | undefined;
  measure: (element: HTMLElement | null) => void;
}) {
  const { document, lines, index, start, matches, current, measure } = props;
  const t = useTranslations("jsonView");
  const line = lineAt(document, lines, index, (node, part) => marksOf(matches, current, { node, part }));
  return (
    <div
      className={styles.line}
      ref={measure}
      data-index={index}
      style={{ transform: `translateY(${start}px)` }}
    >
      {line.continued ? "" : "  ".repeat(Math.min(line.depth, deepestIndent))}
      {line.depth > deepestIndent ? (
        <span className={styles.level}>{t("level", { depth: line.depth })}</span>
      ) : null}
      {line.texts.map((segments, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the texts of a line have no other name
        <Segments key={at} segments={segments} />
      ))}
      {line.goesOn ? <span className={styles.level}>{t("goesOn")}</span> : null}
    </div>
  );
});
