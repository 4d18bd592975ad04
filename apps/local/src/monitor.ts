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
      MONITOR_SPILL_FILE: path.join(options.dataDirectory, "monitor-spill.ndjson"),
    },
  };
}
