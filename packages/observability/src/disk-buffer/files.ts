import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";

// Files that another process may rename or delete at any time, so that one which is missing is no failure.

/** Reads a text file; an empty text where there is none. */
export const readIfAny = (file: string) => unlessMissing(() => readFileSync(file, "utf8"), "");

/** Lists a folder's names; none where there is no folder. */
export const namesIn = (folder: string) => unlessMissing(() => readdirSync(folder), []);

/** Returns a file's bytes; 0 where there is none. */
export const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Renames a file; returns whether there was one. */
export const renameIfAny = (from: string, to: string) =>
  unlessMissing(() => {
    renameSync(from, to);
    return true;
  }, false);

/** Runs a file operation; returns another value where there is no such file. */
export function unlessMissing<Value>(operation: () => Value, otherwise: Value): Value {
  try {
    return operation();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
