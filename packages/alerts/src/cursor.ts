import { decodeCursor, encodeCursor } from "@smarteros/core/cursor";
import * as z from "zod";

/** The row after which a list of the page continues. */
export type Row = { at: string; id: string };

// Both go into a filter between quotes: nothing that could end one may pass. The database writes times in UTC.
const at = z.iso.datetime({ offset: true }).regex(/^(?!0000).*\+00:00$/);
const positions = {
  deliveries: z.tuple([at, z.uuid()]),
  history: z.tuple([at, z.string().regex(/^[\w@.:-]{1,200}$/)]),
};

/** Encodes the cursor of the rows after this one. */
export const cursorOf = ({ at, id }: Row): string => encodeCursor([at, id]);

/** Decodes the cursor of a list; undefined, which is the first page, where it is not one. */
export function rowOf(list: keyof typeof positions, cursor: string | string[] | undefined): Row | undefined {
  const position = typeof cursor === "string" ? decodeCursor(cursor, positions[list]) : undefined;
  return position && { at: position[0], id: position[1] };
}
