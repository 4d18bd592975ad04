import path from "node:path";
import type { Program } from "./child.ts";
import { backendEnvironment, root } from "./env.ts";
import type { Stack } from "./stack.ts";

/**
 * Returns the program behind FASTAPI_URL on the embedded project. `secret` signs the web app's assertions about
 * callers; `vendors` holds the vendors' settings.
 */
export function backendProgram(
  stack: Stack,
  options: { port: number; secret: string; vendors: NodeJS.ProcessEnv },
): Program {
  const url = `http://127.0.0.1:${options.port}`;
  return {
    name: "backend",
    command: [process.execPath, path.join(root, "apps/backend/src/main.ts")],
    folder: root,
    environment: {
      ...backendEnvironment(),
      BACKEND_PORT: String(options.port),
      BACKEND_URL: url,
      FASTAPI_SECRET: options.secret,
      NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
      // New tasks are heard there.
      DATABASE_URL: stack.postgresUrl,
      ...options.vendors,
    },
    healthUrl: `${url}/health`,
  };
}
