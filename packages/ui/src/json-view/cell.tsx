import { useTranslations } from "next-intl";
import { DataText } from "./data-text.tsx";
import { countOf, type JsonDocument } from "./json-document.ts";
import { compactText, scalarText } from "./json-text.ts";
import { firstOf } from "./long-text.ts";
import { marksOf } from "./marks.ts";
import styles from "./result-view.module.css";
import type { Search } from "./use-search.ts";
import { useSize } from "./use-size.ts";

const longestCell = 120;

/** Shows a value in one cell: text as it is, anything else as JSON in one line. A cut value shows its length. */
export function Cell({
  document,
  node,
  search,
}: {
  document: JsonDocument;
  node: number | undefined;
  search: Search;
}) {
  const t = useTranslations("jsonView");
  const sizeOf = useSize();
  if (node === undefined) return <span className={styles.missing} role="img" aria-label={t("missing")} />;
  const value = document.values[node];
  const nested = countOf(document, node) > 0;
  const all = typeof value === "string" ? value : nested ? "" : scalarText(value);
  const beginning = nested ? compactText(document, node, longestCell) : all;
  const shown = firstOf(beginning, longestCell);
  const cut = shown.length < beginning.length;
  const marks = marksOf(search.matches, search.matches[search.current], { node, part: "value" });
  return (
    <span className={nested ? styles.nested : typeof value === "string" ? undefined : styles.word}>
      {value === "" ? '""' : <DataText text={shown} marks={nested ? [] : marks} />}
      {cut ? (
        <span className={styles.more}>
          {nested ? "…" : t("more", { size: sizeOf(all.slice(shown.length)) })}
        </span>
      ) : null}
    </span>
  );
}
