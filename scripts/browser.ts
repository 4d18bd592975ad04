import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const web = path.join(import.meta.dirname, "../apps/web");

/**
 * Installs Chromium unless it is installed: from Debian's packages as root, otherwise the one that Playwright
 * downloads.
 */
export function ensureBrowser(): void {
  if (existsSync("/usr/bin/chromium")) return;
  const quiet = { stdio: ["ignore", "ignore", "inherit"] as const };
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync("apt-get", ["--version"]).status === 0) {
    console.log("Installing Chromium from Debian's packages …");
    spawnSync("apt-get", ["update", "-qq"], { stdio: [...quiet.stdio] });
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      stdio: [...quiet.stdio],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    return;
  }
  console.log("Installing Playwright's Chromium …");
  spawnSync("pnpm", ["exec", "playwright", "install", "chromium"], { cwd: web, stdio: [...quiet.stdio] });
}
