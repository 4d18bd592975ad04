import { readSettings } from "./env.ts";
import { preflight } from "./preflight.ts";

// Runs before the build of `npm start`, because the build takes a minute and would replace the files of a running app.

try {
  await preflight(readSettings(), () => undefined);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
