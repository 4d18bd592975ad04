import { vendors } from "@smarteros/connectors";
import { asService } from "@smarteros/supabase";
import type { ProvisioningStore } from "./ports.ts";
import { startProvisioner } from "./provisioner.ts";
import { connectorsFor } from "./sandboxes.fixture.ts";
import { supabaseProvisioning } from "./supabase.ts";

// A worker in a separate process, which tests kill. It opens a run of all services for each tenant that it receives, and
// kills itself at the given place between its database calls.

export type WorkerSettings = {
  systemDatabaseUrl: string;
  supabaseUrl: string;
  secretKey: string;
  vendors: Record<string, string>;
  workerId: string;
  heartbeatEveryMs: number;
};
/** The nth database call of a kind after the task; `begin` and `end` may be limited to a vendor. */
export type StorePlace = {
  call: "run" | "begin" | "tenant" | "end";
  nth: number;
  vendor?: string;
  phase: "before" | "after";
};
export type WorkerTask = { tenantId: string; dieAt?: StorePlace | undefined };

const settings: WorkerSettings = JSON.parse(process.argv[2] ?? "");
const store = supabaseProvisioning(asService({ url: settings.supabaseUrl }, settings.secretKey));

let place: StorePlace | undefined;
let passed = 0;
function killedAt<Call extends StorePlace["call"]>(call: Call): ProvisioningStore[Call] {
  const whole = store[call] as (...given: unknown[]) => Promise<unknown>;
  const killingCall = async (...given: unknown[]) => {
    const isMeant = place?.call === call && (place.vendor === undefined || place.vendor === given[1]);
    const isHere = isMeant && ++passed === place?.nth;
    if (isHere && place?.phase === "before") process.kill(process.pid, "SIGKILL");
    const result = await whole(...given);
    if (isHere && place?.phase === "after") process.kill(process.pid, "SIGKILL");
    return result;
  };
  return killingCall as ProvisioningStore[Call];
}

const provisioner = await startProvisioner({
  store: {
    ...store,
    run: killedAt("run"),
    begin: killedAt("begin"),
    tenant: killedAt("tenant"),
    end: killedAt("end"),
  },
  connectors: connectorsFor(settings.vendors),
  systemDatabaseUrl: settings.systemDatabaseUrl,
  workerId: settings.workerId,
  logger: {
    info: (event, { workers }) =>
      void (event === "PROVISION_RECOVERED" && process.send?.({ tookOver: workers })),
    error: () => undefined,
  },
  retries: { attempts: 5, firstDelayMs: 50, maxDelayMs: 200 },
  deadlineMs: 5_000,
  eventsEveryMs: 60_000,
  heartbeatEveryMs: settings.heartbeatEveryMs,
  orphanedRunsEveryMs: 2_000,
});
const steps = vendors.map((vendor) => ({ vendor, action: "provision" as const }));
process.on("message", async ({ tenantId, dieAt }: WorkerTask) => {
  passed = 0;
  place = dieAt;
  // Rejects while the database is away. If the run was opened, the check for orphaned runs resumes it.
  await provisioner.provision({ tenantId, steps, requestedBy: "user_test" }).catch(() => undefined);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
