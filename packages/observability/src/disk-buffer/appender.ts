import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { sizeOf } from "./files.ts";

const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

export type AppenderOptions = {
  /** Syncs every append: lines outlive a power failure, not the process alone. */
  sync: boolean;
  /** Whether other processes append to the file too. */
  shared: boolean;
};

export type Appender = {
  /** Returns the file's bytes. */
  size(): number;
  /** Appends whole lines. Throws where the disk refuses them. */
  append(lines: string): void;
  /** Releases the file; the next append opens it again. */
  close(): void;
};

type OpenFile = { descriptor: number; ino: bigint; dev: bigint; size: number };

/**
 * Appends lines to a file of mode 0600, so that they are in the file of that name: where another process renamed it while
 * we wrote, they go to the new one as well.
 */
export function createAppender(file: string, options: AppenderOptions): Appender {
  let current: OpenFile | undefined;

  function close(): void {
    if (current) closeSync(current.descriptor);
    current = undefined;
  }

  function appendOnce(lines: string): boolean {
    try {
      current ??= openFile(file, options.sync);
      write(current, lines, options);
      const named = statSync(file, { bigint: true, throwIfNoEntry: false });
      if (named?.ino === current.ino && named.dev === current.dev) {
        current.size = Number(named.size);
        return true;
      }
    } catch (error) {
      close();
      throw error;
    }
    close();
    return false;
  }

  return {
    // Another process may have appended to a shared file, or renamed it.
    size: () => (current && !options.shared ? current.size : sizeOf(file)),
    append(lines) {
      while (!appendOnce(lines));
    },
    close,
  };
}

function openFile(file: string, sync: boolean): OpenFile {
  // Without O_NONBLOCK a pipe of that name would block us until another process reads it.
  const descriptor = openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const found = fstatSync(descriptor, { bigint: true });
    if (!found.isFile()) throw new Error("It is not a file.");
    fchmodSync(descriptor, 0o600);
    if (sync && found.size === 0n) syncFolder(path.dirname(file));
    return { descriptor, ino: found.ino, dev: found.dev, size: Number(found.size) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function write({ descriptor, size }: OpenFile, lines: string, { sync, shared }: AppenderOptions): void {
  try {
    // The leading line break ends a line that a crash or a full disk left half written.
    writeFileSync(descriptor, `\n${lines}`);
    if (sync) fsyncSync(descriptor);
  } catch (error) {
    // In a shared file another process may have appended after us.
    if (!shared) ftruncateSync(descriptor, size);
    throw error;
  }
}

// A new file's name is on disk only when its folder is synced.
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
