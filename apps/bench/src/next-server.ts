import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Starts a built Next application on a port; resolves once `probe` responds. Its output is discarded. */
export async function startNext(
  folder: string,
  port: number,
  probe: string,
  environment: Record<string, string>,
  nodeOptions: string[] = [],
) {
  const next = createRequire(path.join(folder, "package.json")).resolve("next/dist/bin/next");
  const child = spawn(
    process.execPath,
    [...nodeOptions, next, "start", "-H", "localhost", "-p", String(port)],
    {
      cwd: folder,
      env: { PATH: "/usr/bin:/bin", NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...environment },
      stdio: "ignore",
    },
  );
  const url = `http://localhost:${port}`;
  for (const end = Date.now() + 30_000; ; ) {
    if (await fetch(url + probe, { method: "POST" }).catch(() => undefined)) break;
    if (Date.now() > end || child.exitCode !== null) {
      child.kill("SIGKILL");
      throw new Error(`${folder} did not start. Was it built?`);
    }
    await sleep(100);
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await once(child, "exit");
      clearTimeout(force);
    },
  };
}
