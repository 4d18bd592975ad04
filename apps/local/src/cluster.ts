import { spawnSync } from "node:child_process";
import { chownSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writePrivateFile } from "./private-file.ts";
import type { RunAs } from "./run-as.ts";

/**
 * Creates a Postgres cluster with the superuser `supabase_admin`. It is created in a temporary folder and renamed, so
 * that a kill never leaves an incomplete cluster.
 */
export function makeCluster(options: {
  cluster: string;
  initdb: string;
  as: RunAs;
  password: string;
  environment: NodeJS.ProcessEnv;
}): void {
  const { cluster, as } = options;
  removeDrafts(cluster);
  // An initdb may outlive a killed starter and clears its folder on failure, so every starter uses a separate folder.
  const draft = `${cluster}.init.${process.pid}`;
  const passwordFile = `${draft}.password`;
  writePrivateFile(passwordFile, `${options.password}\n`);
  if (as.ownerId !== undefined) chownSync(passwordFile, as.ownerId, as.ownerId);
  try {
    const [program = "", ...args] = [...as.prefix, options.initdb];
    const initdb = spawnSync(
      program,
      [
        ...args,
        ...["-D", draft, "-U", "supabase_admin", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
        ...["--encoding=UTF8", "--locale=C", "--no-sync"],
      ],
      { env: options.environment, encoding: "utf8" },
    );
    if (initdb.status !== 0)
      throw new Error(`initdb failed: ${initdb.error?.message ?? initdb.stderr.trim().split("\n").at(-1)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
}

function removeDrafts(cluster: string): void {
  const prefix = `${path.basename(cluster)}.init`;
  for (const name of readdirSync(path.dirname(cluster)))
    if (name.startsWith(prefix))
      rmSync(path.join(path.dirname(cluster), name), { recursive: true, force: true, maxRetries: 5 });
}
