import * as z from "zod";

/** Rows as a disk buffer of tests holds them. */
export const row = z.strictObject({ id: z.uuid(), status: z.enum(["ok", "error"]), index: z.int() });

export const exampleRow = (index = 0): z.infer<typeof row> => ({
  id: crypto.randomUUID(),
  status: "ok",
  index,
});

export const exampleRows = (count: number) =>
  Array.from({ length: count }, (_, index) => exampleRow(index % 10));
