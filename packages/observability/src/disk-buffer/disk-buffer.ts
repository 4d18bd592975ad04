import { accessSync, constants, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { uuidv7 } from "@smarteros/core";
import { createAppender } from "./appender.ts";
import { namesIn, readIfAny, renameIfAny, sizeOf } from "./files.ts";
import { parseLines } from "./json-lines.ts";

/** Rows on disk until the database accepts them. They carry their ids, so that storing one twice adds nothing. */
export type DiskBuffer<Row> = {
  /** Creates the folder. Throws where the file could not be written there. */
  prepare(): void;
  /** Appends rows, as many as there is room for; returns how many that were. Throws where the disk refuses them. */
  append(rows: Row[]): number;
  /**
   * Passes all rows to `store` in batches, oldest first, and deletes each file once it has resolved for all of its rows.
   * Rejects where `store` does.
   */
  drain(store: (rows: Row[]) => Promise<void>, onFileStored?: (file: StoredFile) => void): Promise<void>;
};

/** A file with all rows stored: whether a process that is gone wrote it, and how many of its lines hold no row. */
export type StoredFile = { owner: "own" | "abandoned"; rows: number; unreadable: number };

export type DiskBufferOptions<Row> = {
  /** Returns a parsed line as a row; undefined where it is none. */
  parse(value: unknown): Row | undefined;
  /**
   * `each`: every append is synced to disk, for rows that are few. `none`: rows outlive the process, and not a power
   * failure, at a hundredth of the time.
   */
  sync: "each" | "none";
  /** Lists the files of processes that are gone. Without it the file is shared: other processes append to it too. */
  abandoned?: () => string[];
  /** Bytes that may wait; later rows are not appended. */
  maximumBytes?: number;
};

const tenMebibytes = 10_485_760;
/** The size at which a file is closed, so that the rows of a long outage are not read into memory together. */
const closedAtBytes = 4_194_304;

/**
 * Opens a disk buffer: a file of JSON lines and, beside it, closed ones with `.claimed-` and an id after its name. A file
 * is closed by renaming it: what a process then appends goes to a new file. A closed file never changes until it is
 * deleted, and where a process died before that, the next one that drains stores it again.
 */
export function openDiskBuffer<Row extends { id: string }>(
  file: string,
  { parse, sync, abandoned, maximumBytes = tenMebibytes }: DiskBufferOptions<Row>,
): DiskBuffer<Row> {
  const folder = path.dirname(file);
  const closedPrefix = `${path.basename(file)}.claimed-`;
  const appender = createAppender(file, { sync: sync === "each", shared: !abandoned });
  /** The bytes of closed files, counted when first needed and after each drain. */
  let closedBytes: number | undefined;

  function closedFiles(): string[] {
    const names = namesIn(folder).filter((name) => name.startsWith(closedPrefix));
    return names.sort().map((name) => path.join(folder, name));
  }

  const countClosed = () =>
    [...(abandoned?.() ?? []), ...closedFiles()].reduce((sum, name) => sum + sizeOf(name), 0);

  function close(): string | undefined {
    appender.close();
    const closed = path.join(folder, `${closedPrefix}${uuidv7()}`);
    return renameIfAny(file, closed) ? closed : undefined;
  }

  function oldestClosed(): { name: string; owner: StoredFile["owner"] } | undefined {
    const [left] = abandoned?.() ?? [];
    if (left) return { name: left, owner: "abandoned" };
    const [name] = closedFiles();
    return name ? { name, owner: "own" } : undefined;
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
      closedBytes ??= countClosed();
      const lines = thatFit(rows, maximumBytes - closedBytes - appender.size());
      if (lines.length === 0) return 0;
      appender.append(lines.join(""));
      const size = appender.size();
      if (size >= closedAtBytes && close()) closedBytes += size;
      return lines.length;
    },

    async drain(store, onFileStored) {
      const done = new Set<string>();
      const replay = async (name: string) => {
        const { pieces, rows, unreadable } = parseLines(readIfAny(name), parse);
        for (const piece of pieces) {
          const next = piece.filter(({ id }) => !done.has(id));
          if (next.length > 0) await store(next);
          for (const { id } of next) done.add(id);
        }
        return { rows, unreadable };
      };
      const finish = async (name: string, owner: StoredFile["owner"]) => {
        const stored = await replay(name);
        rmSync(name, { force: true });
        onFileStored?.({ owner, ...stored });
      };

      try {
        for (let next = oldestClosed(); next; next = oldestClosed()) {
          await finish(next.name, next.owner);
          done.clear();
        }
        // Stored before it is closed: a database that is down must not leave one more file behind at every drain.
        await replay(file);
        const closed = close();
        if (closed) await finish(closed, "own");
      } finally {
        closedBytes = undefined;
      }
    },
  };
}

/** Returns the lines of the first rows that fit into so many bytes, each with the line break that an append begins with. */
function thatFit(rows: object[], bytes: number): string[] {
  let room = bytes;
  return rows
    .map((row) => `${JSON.stringify(row)}\n`)
    .filter((line) => {
      room -= Buffer.byteLength(line) + 1;
      return room >= 0;
    });
}
