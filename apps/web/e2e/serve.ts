import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";

// Runs the embedded default for the browser's tests and leaves nothing of it behind.

const main = path.join(import.meta.dirname, "../../local/src/main.ts");
const child = spawn(process.execPath, [main], { stdio: "inherit" });
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => child.kill(signal));

const [code] = await once(child, "exit");
rmSync(process.env.SMARTEROS_DATA_DIR ?? "", { recursive: true, force: true });
process.exitCode = code ?? 1;
