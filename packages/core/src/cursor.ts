import * as z from "zod";
import { SmarterosError } from "./errors.ts";

// UTC, and not year 0, which Postgres does not know. The strictness matters: positions are written into filters.
const utcTime = z.iso.datetime({ offset: true }).regex(/^(?!0000).*(?:Z|\+00:00)$/);
const timeAndId = z.tuple([utcTime, z.uuid()]);

/** A row's position in a list ordered by creation time, then id: the next page begins after it. */
export type PagePosition = { createdAt: string; id: string };

/** Encodes a position as an opaque cursor: base64url of its JSON. */
export function encodeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** Decodes a cursor by the schema of its positions; undefined where it is not one of those. */
export function decodeCursor<Position>(cursor: string, schema: z.ZodType<Position>): Position | undefined {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    return undefined;
  }
}

/** Decodes a cursor of the named list. Throws `invalid_input` where it is not one. */
export function requireCursor<Position>(cursor: string, schema: z.ZodType<Position>, list: string): Position {
  const position = decodeCursor(cursor, schema);
  if (position !== undefined) return position;
  const message = `Not a cursor of ${list}. Leave it out to begin with the first page.`;
  throw new SmarterosError("invalid_input", `cursor: ${message}`, {
    issues: [{ path: "cursor", message }],
  });
}

/**
 * Cuts rows to a page of at most `size`, with the cursor of the next page where there are more: read one row more than
 * that.
 */
export function pageOf<Row>(
  rows: Row[],
  size: number,
  cursorOf: (last: Row) => string,
): { page: Row[]; nextCursor?: string } {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return rows.length > size && last !== undefined ? { page, nextCursor: cursorOf(last) } : { page };
}

/** Encodes the cursor of the page after a row, in a list ordered by creation time, then id. */
export function cursorAfter({ createdAt, id }: PagePosition): string {
  return encodeCursor([createdAt, id]);
}

/** Decodes a cursor that `cursorAfter` made for the named list. Throws `invalid_input` where it is not one. */
export function positionOf(cursor: string, list: string): PagePosition {
  const [createdAt, id] = requireCursor(cursor, timeAndId, list);
  return { createdAt, id };
}
