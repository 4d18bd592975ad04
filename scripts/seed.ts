import { ensureBrowser } from "./browser.ts";
import { deployment, readArguments, usage } from "./seed/deployment.ts";
import { startEmbedded } from "./seed/embedded.ts";
import { rows } from "./seed/rows.ts";
import { runRows } from "./seed/run-rows.ts";

// Checks every sentence of the seed, docs/seed.md, on the embedded default or on a deployment.

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
// Started programs may hold open IPC channels.
process.exit();

async function main(): Promise<boolean> {
  const requested = readOrExplain();
  // Created tenants are deleted and started programs stopped even when the run is interrupted.
  const interrupted = new AbortController();
  // Not `once`: npm and the bootstrap send the signal repeatedly.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => interrupted.abort());
  if (!requested) ensureBrowser();
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: for no task of turbo's.
  const target = requested ? deployment(requested, process.env.DATABASE_URL) : await startEmbedded();
  try {
    return await runRows(rows, target, (line) => console.log(line), interrupted.signal);
  } finally {
    await target.stop();
  }
}

function readOrExplain() {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`);
  }
}
