export type RowInsert<Row> = {
  /** Inserts rows, all or none. Resolves to why the store will never accept them, or rejects where trying again may help. */
  insert(rows: Row[]): Promise<{ cause: unknown } | undefined>;
  /** Is called with each single row that the store will never accept. */
  onRefused(row: Row, cause: unknown): void;
};

/**
 * Inserts rows; where the store refuses a row, halves the rows until it is found, so that it does not hold up the others.
 * Resolves to how many were inserted; rejects where the store could not be reached.
 */
export async function insertRows<Row>(rows: Row[], to: RowInsert<Row>): Promise<number> {
  const [first] = rows;
  if (first === undefined) return 0;
  const refusal = await to.insert(rows);
  if (!refusal) return rows.length;
  if (rows.length === 1) {
    to.onRefused(first, refusal.cause);
    return 0;
  }
  const half = Math.ceil(rows.length / 2);
  return (await insertRows(rows.slice(0, half), to)) + (await insertRows(rows.slice(half), to));
}
