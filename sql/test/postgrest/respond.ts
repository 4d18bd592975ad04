import type { MainQuery } from "./main-query.ts";
import type { ApiRequest } from "./request.ts";

/** The parts of a response that a client sees: status, rows or value, exact count, and error code. */
export type Outcome = { status: number; body: unknown; total: number | null; code: string | null };

/** The row that the statement of a request returns. */
export type ResultRow = {
  total_result_set: string | null;
  page_total: string;
  body: string;
  response_inserted?: number | null;
};

// PostgREST 17, src/library/PostgREST/Response.hs 60-197, RangeQuery.hs: rangeStatusHeader.

/** The response for the row that the statement returned. */
export function respond(request: ApiRequest, { routine }: MainQuery, row: ResultRow): Outcome {
  const isCounted = request.prefer.get("count") === "exact";
  const total = isCounted ? Number(row.total_result_set) : null;
  const isFull = request.prefer.get("return") === "representation";
  const isRead = request.method === "GET" || request.method === "HEAD" || "function" in request.target;
  if (isRead) {
    if (routine?.returnsVoid) return { status: 204, body: null, total, code: null };
    const isPartial = total !== null && Number(row.page_total) < total;
    return { status: isPartial ? 206 : 200, body: JSON.parse(row.body), total, code: null };
  }
  const body: unknown = isFull ? JSON.parse(row.body) : null;
  if (request.method !== "POST") return { status: isFull ? 200 : 204, body, total, code: null };
  const isMerge = request.prefer.get("resolution") === "merge-duplicates";
  const hasInserted = !isMerge || (row.response_inserted ?? 0) > 0;
  return { status: hasInserted ? 201 : 200, body, total, code: null };
}

// PostgREST 17, src/library/PostgREST/Error.hs 545-600: mapSQLtoHTTP.
const statuses: [RegExp, number][] = [
  [/^08|^53|^57P01/, 503],
  [/^0L|^0P|^28/, 403],
  [/^23503|^23505/, 409],
  [/^25006/, 405],
  [/^42883|^42P01/, 404],
  [/^P0001/, 400],
  [/^09|^25|^2D|^38|^39|^3B|^40|^54|^55|^57|^58|^F0|^HV|^P0|^XX|^42P17/, 500],
];

/** The response for an error of the database. `isAnonymous` for a request without a token. */
export function respondError(code: string, isAnonymous: boolean): Outcome {
  const status = statuses.find(([pattern]) => pattern.test(code))?.[1] ?? 400;
  return { status: code === "42501" ? (isAnonymous ? 401 : 403) : status, body: null, total: null, code };
}
