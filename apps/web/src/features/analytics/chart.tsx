import type { CallQuestion } from "@smarteros/observability";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import styles from "./analytics.module.css";
import { FigureTable } from "./figure-table.tsx";
import type { TimeBucket } from "./timeline.ts";
import { useUnits } from "./units.ts";

type Props = {
  title: string;
  /** The value of the highest point of the chart. */
  top?: string;
  question: CallQuestion;
  timeline: TimeBucket[];
  legend?: ReactNode;
  /** Headings and cells of the table's columns after the time. */
  columns: string[];
  cellsOf(moment: TimeBucket): string[];
  children: ReactNode;
};

/** A drawing with its words around it and its figures as a table behind it. */
export function Chart({ title, top, question, timeline, legend, columns, cellsOf, children }: Props) {
  const t = useTranslations("analytics");
  const { moment } = useUnits();
  const [first, last] = [timeline[0], timeline.at(-1)];
  if (!first || !last) return null;
  return (
    <section className={styles.chart} aria-label={title}>
      <h2>{title}</h2>
      {legend}
      {top && <p className={styles.axis}>{top}</p>}
      {children}
      <p className={styles.ends}>
        <span>{moment(first.at, question)}</span>
        <span>{moment(last.at, question)}</span>
      </p>
      <details className={styles.details}>
        <summary>{t("table")}</summary>
        <FigureTable
          about={t("moment")}
          columns={columns}
          rows={timeline.map((one) => ({
            key: one.at,
            head: moment(one.at, question),
            cells: cellsOf(one),
          }))}
        />
      </details>
    </section>
  );
}
