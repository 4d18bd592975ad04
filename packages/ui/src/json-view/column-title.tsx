import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { DataText } from "./data-text.tsx";
import { firstOf } from "./long-text.ts";
import styles from "./result-view.module.css";
import { useSize } from "./use-size.ts";

const icons = { asc: IconArrowUp, desc: IconArrowDown };
const maxNameLength = 60;

/**
 * The name of a column, which sorts by it. A button within the header: the table library's own sorting turns the header
 * itself into a button, and the cells lose it as their header.
 */
export function ColumnTitle({
  name,
  direction,
  onSort,
}: {
  name: string;
  direction: "asc" | "desc" | undefined;
  onSort: (direction: "asc" | "desc") => void;
}) {
  const t = useTranslations("jsonView");
  const sizeOf = useSize();
  const Icon = direction ? icons[direction] : IconArrowsSort;
  const shown = firstOf(name, maxNameLength);
  return (
    <button
      type="button"
      className={styles.columnTitle}
      onClick={() => onSort(direction === "asc" ? "desc" : "asc")}
    >
      {name === "" ? '""' : <DataText text={shown} />}
      {shown === name ? null : (
        <span className={styles.more}>{t("more", { size: sizeOf(name.slice(shown.length)) })}</span>
      )}
      <Icon size={14} role="img" aria-label={t(`sorted.${direction ?? "none"}`)} />
    </button>
  );
}
