import { documentedRows } from "./document.ts";
import { missingFor, type Row } from "./row.ts";
import type { Target } from "./target.ts";

type Print = (line: string) => void;

/**
 * Checks each row of docs/seed.md on a target and prints one line for it. Resolves to true when all hold. When the
 * signal aborts it stops after the current row and resolves to false.
 */
export async function runRows(
  rows: readonly Row[],
  target: Target,
  print: Print,
  signal?: AbortSignal,
): Promise<boolean> {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const counts = { checked: 0, held: 0, notChecked: 0 };
  for (const { check, sentence, state } of documentedRows()) {
    if (signal?.aborted) return false;
    const row = byName.get(check ?? "");
    const missing = row && missingFor(row, target);
    if (row === undefined) print(`  –  ${sentence}: ${state}`);
    else if (missing !== undefined) {
      counts.notChecked += 1;
      print(`  –  ${row.name}: not checked here: ${missing}`);
    } else {
      const problem = await problemOf(row, target);
      counts.checked += 1;
      if (problem === undefined) counts.held += 1;
      print(
        problem === undefined ? `  ✔  ${row.name}: ${sentence}` : `  ✖  ${row.name}: ${sentence}: ${problem}`,
      );
    }
  }
  if (counts.notChecked > 0) print(`${counts.notChecked} not checked here`);
  print(`${counts.held} of ${counts.checked}`);
  return counts.held === counts.checked;
}

async function problemOf(row: Row, target: Target): Promise<string | undefined> {
  try {
    await row.check(target);
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n").slice(0, 3).join(" ");
  }
}
