import { rmSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const root = path.join(import.meta.dirname, "..");

/** The programs of a deployment beside the web app, by the names of their bundles. */
const programs = { backend: "apps/backend/src/main.ts", monitor: "apps/monitor/src/main.ts" };

/**
 * Leaves the optional dependencies of packages that are not installed to run time, where a `require` or `import()` of one
 * fails in the same way as without a bundle. Anything else that cannot be resolved fails the build.
 */
const optionalDependencies: Plugin = {
  name: "optional-dependencies",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, importer, resolveDir, pluginData }) => {
      const isLazy = kind === "require-call" || kind === "dynamic-import";
      if (!isLazy || pluginData?.isAsked || !importer.includes("node_modules")) return undefined;
      const { errors } = await resolve(name, { kind, importer, resolveDir, pluginData: { isAsked: true } });
      return errors.length > 0 ? { path: name, external: true } : undefined;
    });
  },
};

/** Writes each program as one ESM file that runs on Node ≥ 22.12 without `node_modules`. */
export async function bundle(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(programs).map(([out, file]) => ({ in: file, out })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22.12",
    legalComments: "eof",
    plugins: [optionalDependencies],
    banner: {
      js: 'import { createRequire as requireOfBundle } from "node:module"; const require = requireOfBundle(import.meta.url);',
    },
  });
}

if (import.meta.main) await bundle(path.join(import.meta.dirname, "dist"));
