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
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
