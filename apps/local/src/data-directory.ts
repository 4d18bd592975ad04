import { chmodSync, mkdirSync, readdirSync } from "node:fs";

// Everything that we ever write there, drafts included.
const ours = /^(?:postgres|secrets\.json|running\.json|start\.lock|monitor-spill\.ndjson|sandboxes|audit)/;

/**
 * Makes the data directory, readable by its owner alone. Throws when the folder holds anything that is not ours:
 * "npm run reset" removes it as a whole.
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
