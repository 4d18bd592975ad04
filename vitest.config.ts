import path from "node:path";
import { defineConfig } from "vitest/config";

// All tests but those of the web app's HTTP interface, which have a separate configuration in apps/web. A file that
// reads `inject("embedded")` gets a separate embedded Supabase; the others need no database.
export default defineConfig({
  test: {
    include: [
      "scripts/*.test.ts",
      "deploy/*.test.ts",
      "packages/*/src/**/*.test.ts",
      "sql/test/**/*.test.ts",
      "apps/{local,mcp-stdio,backend,monitor,web}/src/**/*.test.ts",
    ],
    globalSetup: ["apps/local/src/testing.ts"],
    setupFiles: ["apps/local/src/file-project.fixture.ts"],
    maxWorkers: 2,
    // Programs that tests start reuse Node's compile cache.
    env: { NODE_COMPILE_CACHE: path.join(import.meta.dirname, "node_modules/.cache/compile") },
    // Generous, because other processes compete for the processor; a test ends as soon as its condition holds.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
});
