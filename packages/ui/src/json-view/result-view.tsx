"use client";

import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useCopy } from "../use-copy.ts";
import { type CopyAction, CopyMenu } from "./copy-menu.tsx";
import { download } from "./download.ts";
import { layOut } from "./json-document.ts";
import { jsonText } from "./json-text.ts";
import { LazyTable } from "./lazy-table.tsx";
import { listsIn } from "./lists.ts";
import { Raw } from "./raw.tsx";
import { RefusedCopy } from "./refused-copy.tsx";
import styles from "./result-view.module.css";
import { SearchBox } from "./search-box.tsx";
import { TreePanel } from "./tree-panel.tsx";
import { useSearch } from "./use-search.ts";
import { useTree } from "./use-tree.ts";
import { rememberedView, rememberView, type View, views } from "./view-preference.ts";

type Props = {
  /** The parsed JSON of the result. */
  value: unknown;
  /** The tool's name, for labels and for the file's name. */
  name: string;
  /** Further texts that can be copied. */
  copies: CopyAction[];
};

/** The result of a tool call as a tree, as a table where it holds a list, and as JSON text. A new value starts afresh. */
export function ResultView(props: Props) {
  const [shown, setShown] = useState({ value: props.value, turn: 0 });
  if (!Object.is(shown.value, props.value)) setShown({ value: props.value, turn: shown.turn + 1 });
  return <OneResult key={shown.turn} {...props} />;
}

function OneResult({ value, name, copies }: Props) {
  const t = useTranslations("jsonView");
  const document = useMemo(() => layOut(value), [value]);
  const lists = useMemo(() => listsIn(document), [document]);
  const [preferred, setPreferred] = useState(rememberedView);
  const tree = useTree(document);
  const { text, setText, search, move } = useSearch(document);
  const { copied, copy, dismiss } = useCopy();
  const view = preferred === "table" && lists.length === 0 ? "tree" : preferred;
  const whole = { id: "result", label: t("copyResult"), text: () => jsonText(document) };
  function choose(next: View) {
    rememberView(next);
    setPreferred(next);
  }
  return (
    <section className={styles.view} aria-label={t("label", { name })}>
      <div className={styles.bar}>
        <fieldset className={styles.views} aria-label={t("views")}>
          {views
            .filter((each) => each !== "table" || lists.length > 0)
            .map((each) => (
              <button key={each} type="button" aria-pressed={each === view} onClick={() => choose(each)}>
                {t(`view.${each}`)}
              </button>
            ))}
        </fieldset>
        <SearchBox text={text} search={search} onChange={setText} onMove={move} />
        <span className={styles.buttons}>
          <span className={styles.notice} role="status">
            {copied?.kind === "copied" ? t("copied") : ""}
          </span>
          <CopyMenu actions={[whole, ...copies]} onCopy={copy} />
          <button type="button" className={styles.small} onClick={() => download(name, jsonText(document))}>
            <IconDownload size={16} aria-hidden /> {t("download")}
          </button>
        </span>
      </div>
      {copied?.kind === "refused" ? <RefusedCopy text={copied.text} onClose={dismiss} /> : null}
      {view === "tree" ? <TreePanel tree={tree} search={search} onCopy={copy} /> : null}
      {view === "table" ? <LazyTable document={document} lists={lists} search={search} /> : null}
      {view === "raw" ? <Raw document={document} search={search} /> : null}
    </section>
  );
}
