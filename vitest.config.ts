import { defineConfig } from "vitest/config";

// Everything but the web door, which has a configuration of its own beside it. The set-up starts the embedded
// Supabase once on free ports; a test gets at it by `inject("embedded")`.
export default defineConfig({
  test: {
    include: [
      "scripts/*.test.ts",
      "packages/*/src/**/*.test.ts",
      "sql/test/**/*.test.ts",
      "apps/{local,mcp-stdio,backend,monitor,web}/src/**/*.test.ts",
    ],
    globalSetup: ["apps/local/src/testing.ts"],
    // One after the other, on however many cores: they share one database, and the monitors of some tests count, tell and
    // close what others made.
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
