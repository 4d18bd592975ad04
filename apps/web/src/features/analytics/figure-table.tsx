import page from "@smarteros/ui/page.module.css";
import type { ReactNode } from "react";
import styles from "./analytics.module.css";

/** A row of the table: `head` names it, `cells` are its values by column. */
export type FigureRow = { key: string | number; head: ReactNode; cells: string[] };

/** Figures in columns, or on a phone as a card for each row. */
export function FigureTable({
  about,
  columns,
  rows,
}: {
  about: string;
  columns: string[];
  rows: FigureRow[];
}) {
  return (
    <table className={`${page.table} ${styles.figures}`}>
      <thead>
        <tr>
          <th scope="col">{about}</th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, head, cells }) => (
          <tr key={key}>
            <th scope="row">{head}</th>
            {cells.map((cell, index) => (
              <td key={columns[index]} data-label={columns[index]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
