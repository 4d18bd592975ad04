import { vendors } from "@smarteros/connectors";
import { asService } from "@smarteros/supabase";
import type { ProvisioningStore } from "./ports.ts";
import { startProvisioner } from "./provisioner.ts";
import { connectorsFor } from "./sandboxes.fixture.ts";
import { supabaseProvisioning } from "./supabase.ts";

// A worker in a process of its own, to be killed. Opens a run of all five services for each tenant that it is sent, and
// kills itself at the place in between its calls of the database that it is told.

export type WorkerSettings = {
  systemDatabaseUrl: string;
  supabaseUrl: string;
  secretKey: string;
  vendors: Record<string, string>;
  workerId: string;
  heartbeatEveryMs: number;
};
/** The how-many-eth such call of the database from now on; `begin` and `end` are a vendor's. */
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
function mortal<Call extends StorePlace["call"]>(call: Call): ProvisioningStore[Call] {
  const whole = store[call] as (...given: unknown[]) => Promise<unknown>;
  const mortalCall = async (...given: unknown[]) => {
    const isMeant = place?.call === call && (place.vendor === undefined || place.vendor === given[1]);
    const isHere = isMeant && ++passed === place?.nth;
    if (isHere && place?.phase === "before") process.kill(process.pid, "SIGKILL");
    const answer = await whole(...given);
    if (isHere && place?.phase === "after") process.kill(process.pid, "SIGKILL");
    return answer;
  };
  return mortalCall as ProvisioningStore[Call];
}

const provisioner = await startProvisioner({
  store: {
    ...store,
    run: mortal("run"),
    begin: mortal("begin"),
    tenant: mortal("tenant"),
    end: mortal("end"),
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
  // Who asks while the database is away is told so; the run, where it was opened, is found by itself.
  await provisioner.provision({ tenantId, steps, requestedBy: "user_test" }).catch(() => undefined);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
