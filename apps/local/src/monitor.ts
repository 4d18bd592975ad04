import { existsSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import type { Program } from "./child.ts";
import { root } from "./env.ts";
import type { Stack } from "./stack.ts";

/** Returns the monitor, with a pass every minute over the running programs and the backend's vendors. */
export function monitorProgram(
  stack: Stack,
  options: { webUrl: string; backendUrl: string; dataDirectory: string; vendors: NodeJS.ProcessEnv },
): Program {
  return {
    name: "monitor",
    command: [process.execPath, path.join(root, "apps/monitor/src/main.ts"), "--every", "1m"],
    folder: root,
    environment: {
      SMARTEROS_IDENTITY: "local",
      NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
      WEB_URL: options.webUrl,
      FASTAPI_URL: options.backendUrl,
      ...options.vendors,
      ALERT_ALLOW_INTERNAL: "true",
      // In the data directory, so that `npm run reset` removes it too.
      MONITOR_BUFFER_FILE: bufferFile(options.dataDirectory),
    },
  };
}

/** Names the monitor's disk buffer. Files with the former name become closed files of it, so that their rows are stored. */
function bufferFile(dataDirectory: string): string {
  const file = path.join(dataDirectory, "monitor-buffer.ndjson");
  if (existsSync(dataDirectory))
    for (const name of readdirSync(dataDirectory).filter((name) => name.startsWith("monitor-spill.ndjson")))
      renameSync(path.join(dataDirectory, name), `${file}.claimed-${name}`);
  return file;
}
