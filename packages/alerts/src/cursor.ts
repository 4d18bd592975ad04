import * as z from "zod";

/** The row after which a list of the page continues. */
export type Row = { at: string; id: string };

// Both go into a filter between quotes, so that nothing that could end one is let through; as the database writes them.
const at = z.iso.datetime({ offset: true }).regex(/^(?!0000).*\+00:00$/);
const rows = {
  deliveries: z.object({ at, id: z.uuid() }),
  history: z.object({ at, id: z.string().regex(/^[\w@.:-]{1,200}$/) }),
};

export const cursorOf = ({ at, id }: Row): string => `${at}~${id}`;

/** The row that an address names; undefined, and so the first page, for what names none. */
export function rowOf(list: keyof typeof rows, cursor: string | string[] | undefined): Row | undefined {
  const [at, id] = typeof cursor === "string" ? cursor.split("~") : [];
  return rows[list].safeParse({ at, id }).data;
}
