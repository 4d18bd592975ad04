import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Writes a file of mode 0600 atomically: a reader sees either the old or the new text. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** Reads a file; returns undefined when it does not exist. */
export function readFileIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
