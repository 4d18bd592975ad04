import { createRequire } from "node:module";
import path from "node:path";
import type { Program } from "./child.ts";
import { root, webEnvironment } from "./env.ts";
import type { Stack } from "./stack.ts";

/** Returns the web app on the embedded project: `next start` on the last build, or `next dev`. */
export function webProgram(
  stack: Stack,
  options: {
    port: number;
    isDevelopment: boolean;
    backend: { url: string; secret: string };
    dataDirectory: string;
  },
): Program {
  const folder = path.join(root, "apps/web");
  const next = createRequire(path.join(folder, "package.json")).resolve("next/dist/bin/next");
  const task = options.isDevelopment ? "dev" : "start";
  return {
    name: "web",
    command: [process.execPath, next, task, "-H", "127.0.0.1", "-p", String(options.port)],
    folder,
    environment: {
      MCP_ENABLED: "true",
      MCP_LOG_DB: "true",
      ...webEnvironment(),
      SMARTEROS_IDENTITY: "local",
      CLERK_AUTHORIZED_PARTIES: ["127.0.0.1", "localhost"]
        .map((host) => `http://${host}:${options.port}`)
        .join(),
      NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: stack.publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
      FASTAPI_URL: options.backend.url,
      FASTAPI_SECRET: options.backend.secret,
      AUDIT_BUFFER_DIR: path.join(options.dataDirectory, "audit"),
      ALERT_ALLOW_INTERNAL: "true",
      NODE_ENV: options.isDevelopment ? "development" : "production",
      NEXT_TELEMETRY_DISABLED: "1",
    },
    healthUrl: `http://127.0.0.1:${options.port}/api/mcp/ping`,
  };
}
