import { chmodSync, mkdirSync, readdirSync } from "node:fs";

// All files that we write there, drafts included.
const ours =
  /^(?:postgres|secrets\.json|running\.json|start\.lock|monitor-(?:buffer|spill)\.ndjson|sandboxes|audit)/;

/**
 * Creates the data directory, readable only by its owner. Throws when the folder holds files that we did not write,
 * because "npm run reset" removes it completely.
 */
export function claimDataDirectory(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const foreign = readdirSync(folder).find((name) => !ours.test(name));
  if (foreign !== undefined)
    throw new Error(
      `${folder} holds other things (${foreign}). Set SMARTEROS_DATA_DIR to a folder of its own, or leave it out.`,
    );
  chmodSync(folder, 0o700);
}
