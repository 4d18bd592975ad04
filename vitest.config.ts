import path from "node:path";
import { defineConfig } from "vitest/config";

// Everything but the web door, which has a configuration of its own beside it. A file that reads `inject("embedded")` gets
// an embedded Supabase of its own; the others need no database.
export default defineConfig({
  test: {
    include: [
      "scripts/*.test.ts",
      "packages/*/src/**/*.test.ts",
      "sql/test/**/*.test.ts",
      "apps/{local,mcp-stdio,backend,monitor,web}/src/**/*.test.ts",
    ],
    globalSetup: ["apps/local/src/testing.ts"],
    setupFiles: ["apps/local/src/testing-file.ts"],
    maxWorkers: 2,
    // The programs that tests start: what Node compiled for one it keeps for the next.
    env: { NODE_COMPILE_CACHE: path.join(import.meta.dirname, "node_modules/.cache/compile") },
    // Generous, because what runs beside a test takes its processor; who waits for something ends as soon as it is there.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
});
