import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Appends whole lines to a file of mode 0600 and returns once they are synced under that name: where another process
 * renamed the file while we wrote, they go to the new one as well.
 */
export function appendLines(file: string, lines: string[]): void {
  while (!appendOnce(file, lines));
}

function appendOnce(file: string, lines: string[]): boolean {
  // Without O_NONBLOCK a pipe of that name would block us until another process reads it.
  const descriptor = openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const ours = fstatSync(descriptor, { bigint: true });
    if (!ours.isFile()) throw new Error("It is not a file.");
    fchmodSync(descriptor, 0o600);
    // The leading line break ends a line that a crash left half written.
    writeFileSync(descriptor, `\n${lines.join("")}`);
    fsyncSync(descriptor);
    if (ours.size === 0n) syncFolder(path.dirname(file));
    const current = statSync(file, { bigint: true, throwIfNoEntry: false });
    return current?.ino === ours.ino && current.dev === ours.dev;
  } finally {
    closeSync(descriptor);
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
