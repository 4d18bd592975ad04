import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Writes a file of mode 0600 in one step: a reader sees the old text or the new one, never half of it. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** The text of a file, or undefined where there is none. */
export function readFileIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
