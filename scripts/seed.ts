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
// The programs that were started may hold channels to us.
process.exit();

async function main(): Promise<boolean> {
  const asked = readOrExplain();
  // What was created is deleted and what was started ends, also when the run is interrupted.
  const interrupted = new AbortController();
  // More than once: npm and the bootstrap send it again and again.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => interrupted.abort());
  if (!asked) ensureBrowser();
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: for no task of turbo's.
  const target = asked ? deployment(asked, process.env.DATABASE_URL) : await startEmbedded();
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
