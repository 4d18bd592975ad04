import { readFileSync } from "node:fs";
import { type HealthRow, healthRow } from "./health-row.ts";

/**
 * Reads rows from a file of JSON lines; a missing file has none. `unreadable` counts invalid lines: a crash may have
 * truncated the last one.
 */
export function readRows(file: string): { rows: HealthRow[]; unreadable: number } {
  const lines = readIfAny(file)
    .split("\n")
    .filter((line) => line !== "");
  const rows = lines.flatMap((line) => {
    const parsed = healthRow.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
  return { rows, unreadable: lines.length - rows.length };
}

/** Returns true for the error of a missing file (ENOENT). */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readIfAny(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}
