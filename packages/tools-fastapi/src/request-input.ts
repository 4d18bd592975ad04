import * as z from "zod";

const maxParameters = 20;

/** Any path is matched against the allow-list before anything is sent. */
export const path = z.string().max(512).describe("Path without query, as on the allow-list.");

/** Query parameters, to be encoded by URLSearchParams. */
export const query = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,39}$/i, "A parameter is named by letters, digits and underscores."),
    z.union([z.string().max(500), z.number(), z.boolean()]),
  )
  .refine((parameters) => Object.keys(parameters).length <= maxParameters, {
    error: `At most ${maxParameters} parameters.`,
  })
  .describe("Query parameters.");
