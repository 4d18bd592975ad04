import { useTranslations } from "next-intl";
import { useEffect, useMemo } from "react";
import { DataText } from "./data-text.tsx";
import { pathOf } from "./json-document.ts";
import { jsonText } from "./json-text.ts";
import { lastOf } from "./long-text.ts";
import styles from "./result-view.module.css";
import { Tree } from "./tree.tsx";
import type { Search } from "./use-search.ts";
import type { Tree as TreeModel } from "./use-tree.ts";

const longestPath = 120;

/** The tree with its own actions: open and close all, copy the path or the value of the active row. */
export function TreePanel({
  tree,
  search,
  onCopy,
}: {
  tree: TreeModel;
  search: Search;
  onCopy: (text: string) => void;
}) {
  const t = useTranslations("jsonView");
  const { document, active, reveal } = tree;
  const current = search.matches[search.current];
  useEffect(() => {
    if (current) reveal(current);
  }, [current, reveal]);
  const path = useMemo(() => pathOf(document, active.node), [document, active.node]);
  const copyPath = () => onCopy(path);
  const copyValue = () => {
    const value = document.values[active.node];
    onCopy(typeof value === "string" ? value : jsonText(document, active.node));
  };
  return (
    <>
      <div className={styles.actions}>
        <code className={styles.path}>
          <DataText text={path.length > longestPath ? `…${lastOf(path, longestPath)}` : path} />
        </code>
        <span className={styles.buttons}>
          <button type="button" className={styles.small} aria-keyshortcuts="p" onClick={copyPath}>
            {t("copyPath")} <kbd aria-hidden>P</kbd>
          </button>
          <button type="button" className={styles.small} aria-keyshortcuts="c" onClick={copyValue}>
            {t("copyValue")} <kbd aria-hidden>C</kbd>
          </button>
          <button type="button" className={styles.small} onClick={tree.expandAll}>
            {t("expandAll")}
          </button>
          <button type="button" className={styles.small} onClick={tree.collapseAll}>
            {t("collapseAll")}
          </button>
        </span>
      </div>
      <Tree tree={tree} search={search} onCopyPath={copyPath} onCopyValue={copyValue} />
    </>
  );
}
