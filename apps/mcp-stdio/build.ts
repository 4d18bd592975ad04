import { chmodSync, rmSync } from "node:fs";
import { build } from "esbuild";

// One entry without dependencies, and a second chunk with the code of the first tool call: a client waits only for the
// entry to start.
rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/bin.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  legalComments: "none",
  banner: {
    js: 'import { createRequire as requireOfBundle } from "node:module"; const require = requireOfBundle(import.meta.url);',
  },
});
chmodSync("dist/bin.js", 0o755);
