import { spawnSync } from "node:child_process";
import { chownSync } from "node:fs";
import { userInfo } from "node:os";

// The uid of the user "nobody" in Linux distributions and the kernel.
const NOBODY = 65_534;

/** The command prefix that runs a program as a user that Postgres accepts, and the owner of its files. */
export type RunAs = { prefix: string[]; ownerId?: number };

/**
 * Chooses a user that Postgres accepts: it rejects uid 0, and initdb a uid without a name. A user namespace gives both
 * a name and still allows entering a folder of mode 0700; when the system forbids namespaces, root becomes "nobody".
 * Throws one line with the remedy when neither is possible.
 */
export function runAs(folder: string, program: string): RunAs {
  const userId = process.getuid?.();
  if (userId === undefined || (userId !== 0 && hasName())) return { prefix: [] };

  const namespace = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"];
  if (succeeds([...namespace, "true"])) return { prefix: namespace };
  if (userId !== 0)
    throw new Error(
      `Postgres cannot run as uid ${userId}: it has no name in /etc/passwd and user namespaces are forbidden here. Run as a user with a name.`,
    );

  const nobody = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
  chownSync(folder, NOBODY, NOBODY);
  if (!succeeds([...nobody, "test", "-w", folder]) || !succeeds([...nobody, program, "--version"]))
    throw new Error(
      `Postgres cannot run as root, user namespaces are forbidden here, and the user nobody may not enter ${folder} or run ${program}. Run as another user, or move the repository to a folder that everybody can enter.`,
    );
  return { prefix: nobody, ownerId: NOBODY };
}

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

function succeeds([program = "", ...args]: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
