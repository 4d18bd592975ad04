import { startSandboxes } from "@smarteros/connectors/sandbox";
import { embedded, secret, startBackend } from "./backend.fixture.ts";
import { parseEnvironment } from "./env.ts";

/** Starts a backend that provisions at sandboxes. */
export async function startWithSandboxes() {
  const sandboxes = await startSandboxes();
  const settings = parseEnvironment({
    FASTAPI_SECRET: secret,
    NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
    DATABASE_URL: embedded.postgresUrl,
    ...sandboxes.settings,
  });
  if (!settings.ok) throw new Error(settings.problems.join());
  const backend = await startBackend({ provisioning: settings.value.provisioning });
  return {
    backend,
    sandboxes,
    clearFaults() {
      for (const { faults } of Object.values(sandboxes.vendors)) faults.clear();
    },
    async stop() {
      await backend.stop();
      await sandboxes.stop();
    },
  };
}
