import { runMonitor } from "../apps/monitor/src/index.ts";

// One pass of the monitor, for cron: `cd /path/to/app && pnpm tsx scripts/monitor-backend.ts`. Cron passes hardly any
// environment, so settings are also read from the file .env of that folder; the environment takes precedence.

const failure = loadSettings();
if (failure) console.error(failure);
process.exit(failure ? 2 : await runMonitor(["--once", ...process.argv.slice(2)]));

function loadSettings(): string | undefined {
  try {
    process.loadEnvFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") return `The file .env cannot be read (${code}).`;
  }
  return undefined;
}
