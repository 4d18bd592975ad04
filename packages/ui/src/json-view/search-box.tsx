import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import styles from "./result-view.module.css";
import type { Search } from "./use-search.ts";

/** The search of a result: Enter and Shift+Enter go through the matches, Escape empties it. */
export function SearchBox({
  text,
  search,
  onChange,
  onMove,
}: {
  text: string;
  search: Search;
  onChange: (text: string) => void;
  onMove: (by: 1 | -1) => void;
}) {
  const t = useTranslations("jsonView");
  const none = search.matches.length === 0;
  return (
    <search className={styles.search}>
      <input
        type="search"
        className={styles.input}
        value={text}
        placeholder={t("search")}
        aria-label={t("search")}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          onMove(event.shiftKey ? -1 : 1);
        }}
      />
      <output className={styles.found}>{text ? <Count search={search} /> : null}</output>
      <button
        type="button"
        className={styles.icon}
        aria-label={t("previous")}
        disabled={none}
        onClick={() => onMove(-1)}
      >
        <IconChevronUp size={16} aria-hidden />
      </button>
      <button
        type="button"
        className={styles.icon}
        aria-label={t("next")}
        disabled={none}
        onClick={() => onMove(1)}
      >
        <IconChevronDown size={16} aria-hidden />
      </button>
    </search>
  );
}

function Count({ search: { matches, current, done, complete } }: { search: Search }) {
  const t = useTranslations("jsonView");
  if (!done) return t("searching");
  if (matches.length === 0) return t("foundNone");
  return t(complete ? "found" : "foundMore", { current: current + 1, total: matches.length });
}
