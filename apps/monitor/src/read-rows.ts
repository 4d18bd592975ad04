import { readFileSync } from "node:fs";
import { type HealthRow, healthRow } from "./health-row.ts";

/** The rows in a file of lines, none where there is no file, and how many lines hold none: a crash may tear the last. */
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

/** Whether a file operation failed because there is no such file. */
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
