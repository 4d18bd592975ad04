import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { uuidv7 } from "@smarteros/core";
import { appendLines } from "./append-lines.ts";
import type { HealthRow } from "./health-row.ts";
import { isMissing, readRows } from "./read-rows.ts";

/** What is on disk until the database takes it. Rows carry their ids, so that storing them once more adds nothing. */
export type Spill = {
  /** Makes the folder. Throws when the file could not be written there. */
  prepare(): void;
  /** Adds rows, durably, as many as there is room for; returns how many that were. */
  append(rows: HealthRow[]): number;
  /**
   * Hands over all rows, oldest first, and forgets them once `store` has resolved for all of them. Resolves to how many
   * lines were no rows.
   */
  drain(store: (rows: HealthRow[]) => Promise<void>): Promise<number>;
};

const tenMebibytes = 10_485_760;
const batch = 500;

/**
 * A spill in one file of lines, which several monitors may share. It is moved aside before it is removed: what another
 * one appends meanwhile goes to a new file. A file moved aside never changes, and whoever comes next stores it again if
 * its owner died.
 */
export function openSpill(file: string, maximumBytes = tenMebibytes): Spill {
  const folder = path.dirname(file);
  const claimPrefix = `${path.basename(file)}.claimed-`;

  function claims(): string[] {
    const names = readdirSync(folder).filter((name) => name.startsWith(claimPrefix));
    return names.sort().map((name) => path.join(folder, name));
  }

  function size(): number {
    return [file, ...claims()].reduce(
      (sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  return {
    prepare() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const found = lstatSync(file, { throwIfNoEntry: false });
      if (found && !found.isFile()) throw new Error("It is not a file.");
      if (found) accessSync(file, constants.R_OK | constants.W_OK);
      // Asking for permission would not do: root has it everywhere, even where nothing can be written.
      const attempt = path.join(folder, `${path.basename(file)}.attempt-${uuidv7()}`);
      writeFileSync(attempt, "", { flag: "wx", mode: 0o600 });
      rmSync(attempt, { force: true });
    },

    append(rows) {
      let room = maximumBytes - size();
      const lines = rows
        .map((row) => `${JSON.stringify(row)}\n`)
        .filter((line) => {
          room -= Buffer.byteLength(line) + 1;
          return room >= 0;
        });
      if (lines.length > 0) appendLines(file, lines);
      return lines.length;
    },

    async drain(store) {
      const done = new Set<string>();
      const replay = async (name: string) => {
        const found = readRows(name);
        const rows = found.rows.filter(({ id }) => !done.has(id));
        for (let start = 0; start < rows.length; start += batch) {
          const next = rows.slice(start, start + batch);
          await store(next);
          for (const { id } of next) done.add(id);
        }
        return found.unreadable;
      };

      let unreadable = 0;
      for (const claim of claims()) {
        unreadable += await replay(claim);
        rmSync(claim, { force: true });
      }
      // Stored before it is moved: a database that is down must not leave one more file behind at every pass.
      await replay(file);
      const claim = path.join(folder, `${claimPrefix}${uuidv7()}`);
      if (moveAside(file, claim)) {
        unreadable += await replay(claim);
        rmSync(claim, { force: true });
      }
      return unreadable;
    },
  };
}

// Another monitor may have been faster, or there was nothing.
function moveAside(file: string, claim: string): boolean {
  try {
    renameSync(file, claim);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
