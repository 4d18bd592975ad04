import { useTranslations } from "next-intl";
import { DataText } from "./data-text.tsx";
import { countOf, type JsonDocument } from "./json-document.ts";
import { scalarText } from "./json-text.ts";
import { isLong, shownLength } from "./long-text.ts";
import { previewOf } from "./preview.ts";
import styles from "./result-view.module.css";
import type { Mark } from "./segments.ts";
import { useSize } from "./use-size.ts";

/** The value of a node in its own row. Its type shows by its form: quotes, braces with a count, a bare word. */
export function TreeValue({
  document,
  node,
  open,
  marks,
}: {
  document: JsonDocument;
  node: number;
  open: boolean;
  marks: Mark[];
}) {
  const value = document.values[node];
  if (typeof value === "string") return <Text text={value} open={open} marks={marks} />;
  if (typeof value !== "object" || value === null) return <Scalar value={value} marks={marks} />;
  const count = countOf(document, node);
  const shape = Array.isArray(value) ? `[${count || ""}]` : `{${count || ""}}`;
  return (
    <>
      <span className={styles.count}>{shape}</span>
      {open || count === 0 ? null : (
        <span className={styles.preview}>
          {" "}
          <DataText text={previewOf(document, node)} />
        </span>
      )}
    </>
  );
}

function Text({ text, open, marks }: { text: string; open: boolean; marks: Mark[] }) {
  const t = useTranslations("jsonView");
  const sizeOf = useSize();
  if (open && isLong(text)) return <span className={styles.count}>{t("text", { size: sizeOf(text) })}</span>;
  const shown = shownLength(text);
  return (
    <>
      <span className={styles.string}>
        "<DataText text={text.slice(0, shown)} marks={marks} />
        {shown === text.length ? '"' : ""}
      </span>
      {shown === text.length ? null : (
        <span className={styles.more}>{t("more", { size: sizeOf(text.slice(shown)) })}</span>
      )}
    </>
  );
}

function Scalar({ value, marks }: { value: unknown; marks: Mark[] }) {
  const t = useTranslations("jsonView");
  const unsafe = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return (
    <>
      <span className={typeof value === "number" ? styles.number : styles.word}>
        <DataText text={scalarText(value)} marks={marks} />
      </span>
      {unsafe ? <span className={styles.more}>{t("unsafe")}</span> : null}
    </>
  );
}
