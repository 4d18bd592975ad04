import styles from "./result-view.module.css";
import { type Mark, type Segment, segmentsOf } from "./segments.ts";

/** Text that came from outside. It cannot reorder what surrounds it, and what would not be seen is shown as an escape. */
export function DataText({ text, marks }: { text: string; marks?: readonly Mark[] | undefined }) {
  return <Segments segments={segmentsOf(text, marks)} />;
}

export function Segments({ segments }: { segments: readonly Segment[] }) {
  return (
    <bdi>
      {segments.map((segment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
        <Piece key={index} segment={segment} />
      ))}
    </bdi>
  );
}

function Piece({ segment: { text, escaped, mark } }: { segment: Segment }) {
  const shown = escaped ? <span className={styles.escape}>{text}</span> : text;
  if (!mark) return shown;
  return (
    <mark className={styles.mark} data-current={mark === "current" || undefined}>
      {shown}
    </mark>
  );
}
