import path from "node:path";
import * as z from "zod";
import { openDiskBuffer } from "./disk-buffer.ts";
import { abandonedFiles, processFile } from "./process-files.ts";

const row = z.strictObject({ id: z.uuid(), status: z.enum(["ok", "error"]), index: z.int() });
const parse = (value: unknown) => row.safeParse(value).data;

export const exampleRow = (index = 0): z.infer<typeof row> => ({
  id: crypto.randomUUID(),
  status: "ok",
  index,
});

export const exampleRows = (count: number) =>
  Array.from({ length: count }, (_, index) => exampleRow(index % 10));

/** The two uses: one file that several monitors share and sync, and one file for each process that serves tools. */
export const uses = ["shared", "own"] as const;

export type Use = (typeof uses)[number];

/** Names the file of a use in a folder; for `own` a new one at each call. */
export const fileOf = (use: Use, folder: string) =>
  use === "shared" ? path.join(folder, "buffer.ndjson") : processFile(folder);

/** Opens a buffer with the options of a use. */
export const openExample = (use: Use, file: string, maximumBytes?: number) =>
  openDiskBuffer(file, {
    parse,
    ...(use === "shared"
      ? { sync: "each" as const }
      : { sync: "none" as const, abandoned: () => abandonedFiles(path.dirname(file)) }),
    ...(maximumBytes === undefined ? {} : { maximumBytes }),
  });
