import { type DatabaseError, databaseError } from "./errors.ts";

/** A response of the client to a query. */
export type DatabaseResponse<Data> = { data: Data; error: DatabaseError | null; status: number };

/** Throws what the database's refusal means, by `databaseError`; returns where there is none. */
export function requireSuccess({ error, status }: Pick<DatabaseResponse<unknown>, "error" | "status">): void {
  if (error) throw databaseError(error, status);
}

/** Returns the data of a response. Throws what the database's refusal means, and an error where there is no data. */
export function dataOf<Data>(response: DatabaseResponse<Data>): NonNullable<Data> {
  requireSuccess(response);
  const { data } = response;
  if (data === null || data === undefined) throw new Error("the database responded with nothing");
  return data;
}

/** Returns the rows of a response, none where it has no data. Throws what the database's refusal means. */
export function rowsOf<Row>(response: DatabaseResponse<Row[] | null>): Row[] {
  requireSuccess(response);
  return response.data ?? [];
}

/** Returns the exact count of a response (`{ count: "exact" }`), 0 where it has none. Throws as `rowsOf` does. */
export function countOf(response: DatabaseResponse<unknown> & { count: number | null }): number {
  requireSuccess(response);
  return response.count ?? 0;
}
