import { readSettings } from "./env.ts";
import { preflight } from "./preflight.ts";

// Runs before the build of `npm start`: it takes a minute, and would replace the files of an app that runs.

try {
  await preflight(readSettings(), () => undefined);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
