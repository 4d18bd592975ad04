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
import type * as z from "zod";
import { appendLines } from "./append-lines.ts";
import { isMissing, parseLines, readIfAny } from "./json-lines.ts";

/** Rows on disk until the database accepts them. They carry their ids, so that storing one twice adds nothing. */
export type DiskBuffer<Row> = {
  /** Creates the folder. Throws where the file could not be written there. */
  prepare(): void;
  /** Appends rows and syncs them to disk, as many as there is room for; returns how many that were. */
  append(rows: Row[]): number;
  /**
   * Passes all rows to `store` in batches, oldest first, and deletes them once it has resolved for all of them. Resolves
   * to how many lines held no row.
   */
  drain(store: (rows: Row[]) => Promise<void>): Promise<number>;
};

const tenMebibytes = 10_485_760;

/**
 * Opens a disk buffer in one file of JSON lines, which several processes may share; `schema` decides what is a row. Before
 * it is deleted, the file is renamed: what another process then appends goes to a new file. A renamed file never changes,
 * and where its process died, the next one that drains stores it again.
 */
export function openDiskBuffer<Row extends { id: string }>(
  file: string,
  schema: z.ZodType<Row>,
  maximumBytes = tenMebibytes,
): DiskBuffer<Row> {
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
      // A permission check would not do: root passes it everywhere, even where nothing can be written.
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
        const { pieces, unreadable } = parseLines(readIfAny(name), (value) => schema.safeParse(value).data);
        for (const piece of pieces) {
          const next = piece.filter(({ id }) => !done.has(id));
          if (next.length > 0) await store(next);
          for (const { id } of next) done.add(id);
        }
        return unreadable;
      };

      let unreadable = 0;
      for (const claim of claims()) {
        unreadable += await replay(claim);
        rmSync(claim, { force: true });
      }
      // Stored before it is renamed: a database that is down must not leave one more file behind at every drain.
      await replay(file);
      const claim = path.join(folder, `${claimPrefix}${uuidv7()}`);
      if (renameIfAny(file, claim)) {
        unreadable += await replay(claim);
        rmSync(claim, { force: true });
      }
      return unreadable;
    },
  };
}

// Another process may have been faster, or there was nothing.
function renameIfAny(file: string, claim: string): boolean {
  try {
    renameSync(file, claim);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
