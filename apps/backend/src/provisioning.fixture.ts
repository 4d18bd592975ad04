import { startSandboxes } from "@smarteros/connectors/sandbox";
import { embedded, secret, startBackend } from "./backend.fixture.ts";
import { parseEnvironment } from "./env.ts";
import { newWorkflowDatabase } from "./workflow-database.fixture.ts";

/** Starts a backend that provisions at sandboxes, with a separate database for workflows. */
export async function startWithSandboxes() {
  const sandboxes = await startSandboxes();
  const settings = parseEnvironment({
    FASTAPI_SECRET: secret,
    NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
    DATABASE_URL: await newWorkflowDatabase(),
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
