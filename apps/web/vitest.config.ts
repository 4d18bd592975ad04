import path from "node:path";
import { defineConfig } from "vitest/config";

// The web app from outside: real `next start` processes on the last build, over HTTP, on a real database.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["test/**/*.test.ts"],
    globalSetup: ["../local/src/shared-project.fixture.ts", "test/setup.ts"],
    // Node caches compiled code for the programs that tests start.
    env: { NODE_COMPILE_CACHE: path.join(import.meta.dirname, "../../node_modules/.cache/compile") },
    // They wait for servers more than they compute.
    maxWorkers: 4,
    // Generous, because what runs beside a test takes its processor; who waits for something ends as soon as it is there.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
});
