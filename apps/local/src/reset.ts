import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { claimDataDirectory } from "./data-directory.ts";
import { readDataDirectory } from "./env.ts";
import { isLock, takeLock } from "./lock.ts";
import { clearLeftover } from "./postmaster.ts";

// The entry point of `npm run reset`: removes the data directory unless a process runs on it.

try {
  await reset(readDataDirectory());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function reset(dataDirectory: string): Promise<void> {
  if (!existsSync(dataDirectory)) return console.log(`There is nothing to clear in ${dataDirectory}.`);
  claimDataDirectory(dataDirectory);
  const lock = takeLock(dataDirectory);
  if (!isLock(lock)) throw new Error("It is running. Stop it first (Ctrl-C where it runs), then reset.");
  await clearLeftover(path.join(dataDirectory, "postgres"));
  rmSync(dataDirectory, { recursive: true, force: true });
  console.log(`Cleared ${dataDirectory}.`);
}
