import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

// Not a test: `npm run screenshots` takes the README's pictures from the running product.
export default defineConfig(tests, { testDir: "screenshots", workers: 1, use: { deviceScaleFactor: 1.5 } });
