import { rmSync } from "node:fs";
import { build } from "esbuild";

// Bundles every stdio server, as the product bundles its own.
rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["ours", "mcp-server", "fast-mcp", "low-level", "hundred-tools"].map(
    (name) => `src/servers/${name}.ts`,
  ),
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  // Optional schema libraries of fastmcp that are not installed.
  external: ["effect", "sury", "@valibot/to-json-schema"],
  legalComments: "none",
  banner: {
    js: 'import { createRequire as requireOfBundle } from "node:module"; const require = requireOfBundle(import.meta.url);',
  },
});
