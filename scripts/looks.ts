import { spawnSync } from "node:child_process";
import path from "node:path";
import { ensureBrowser } from "./browser.ts";

// Checks every page in every theme, width and language; `npm test` checks pairs of them. The web app must be built.

ensureBrowser();
const { status } = spawnSync(
  "pnpm",
  ["exec", "playwright", "test", "--grep=@looks", ...process.argv.slice(2)],
  {
    cwd: path.join(import.meta.dirname, "../apps/web"),
    stdio: "inherit",
    env: { ...process.env, LOOKS: "all" },
  },
);
process.exitCode = status ?? 1;
