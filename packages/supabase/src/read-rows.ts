import { type DatabaseResponse, rowsOf } from "./rows.ts";

/** A response with rows, as a query of the client resolves to it. */
type RowsResponse<Row> = DatabaseResponse<Row[] | null> & { count?: number | null };

/** Makes a query for at most `limit` rows, from the first on or after a row. */
export type RowsQuery<Row> = (after: Row | undefined, limit: number) => PromiseLike<RowsResponse<Row>>;

/** Maximum rows of one request: `max-rows` of a new project. */
const pageRows = 1000;

/**
 * Reads rows page by page, until there are `maxRows` or no more. Throws as `databaseError` does. Supabase cuts a response at
 * the project's `max-rows` without an error, so a page shorter than `limit` may not be the last: only an empty page is, or
 * one whose exact count (`{ count: "exact" }`) shows it. Request the count where it is cheap, because it saves a request:
 * on small tables, and on functions that limit their rows themselves.
 */
export async function readRows<Row>(
  query: RowsQuery<Row>,
  maxRows = Number.POSITIVE_INFINITY,
): Promise<Row[]> {
  const rows: Row[] = [];
  while (rows.length < maxRows) {
    const response = await query(rows.at(-1), Math.min(maxRows - rows.length, pageRows));
    const page = rowsOf(response);
    rows.push(...page);
    const { count } = response;
    const isLast = page.length === 0 || (typeof count === "number" && count <= page.length);
    if (isLast) break;
  }
  return rows;
}

/** Makes a filter for `or()`: rows before this one in an order by `column`, then `id`, both descending. */
export function olderThan(column: string, row: { at: string; id: string }): string {
  return beyond("lt", column, row);
}

/** Makes a filter for `or()`: rows after this one in an order by `column`, then `id`, both ascending. */
export function newerThan(column: string, row: { at: string; id: string }): string {
  return beyond("gt", column, row);
}

// Quoted, as PostgREST wants values that may hold a comma, a colon or a parenthesis.
function beyond(operator: "lt" | "gt", column: string, { at, id }: { at: string; id: string }): string {
  return `${column}.${operator}."${at}",and(${column}.eq."${at}",id.${operator}."${id}")`;
}
