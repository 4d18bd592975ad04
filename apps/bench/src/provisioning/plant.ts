import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Vendor, vendors } from "@smarteros/connectors";
import { startSandboxes } from "@smarteros/connectors/sandbox";
import { startSupabase } from "@smarteros/local/stack";
import { randomRut } from "@smarteros/tools-tenants/testing";
import postgres from "postgres";
import type { WorkerSettings, WorkerTask } from "./worker.ts";

/** Starts the embedded project, the five sandboxes and a worker between them. */
export async function startPlant(atOnce: number, listen = true) {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const stack = await startSupabase({
    dataDirectory,
    webOrigin: "http://127.0.0.1:3000",
    log: () => undefined,
  });
  const calls = new Map<Vendor, number>();
  const sandboxes = await startSandboxes({
    onCall({ vendor, phase }) {
      if (phase === "arrived") calls.set(vendor, (calls.get(vendor) ?? 0) + 1);
    },
  });
  const settings: WorkerSettings = {
    supabaseUrl: stack.supabaseUrl,
    secretKey: stack.secretKey,
    databaseUrl: stack.postgresUrl,
    atOnce,
    listen,
    vendors: sandboxes.settings,
  };
  const worker = fork(path.join(import.meta.dirname, "worker.ts"), [JSON.stringify(settings)], {
    execArgv: ["--expose-gc", "--no-deprecation"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(worker, "message");
  const database = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });

  return {
    /** The sandboxes' settings. */
    vendors: sandboxes.settings,
    /** Returns a vendor's number of calls since the last reset. */
    calls: (vendor: Vendor) => calls.get(vendor) ?? 0,
    async ask<Answer>(task: WorkerTask): Promise<Answer> {
      worker.send(task);
      const [reply] = await once(worker, "message");
      return reply;
    },
    /** Creates tenants without a service, whose events are processed. Each has an owner of its own unless one is given. */
    async newTenants(count: number, owner?: string): Promise<string[]> {
      const unique = crypto.randomUUID().slice(0, 8);
      const rows = Array.from({ length: count }, (_, index) => ({
        rut: randomRut(),
        business_name: `Empresa ${unique} ${index}`,
        clerk_user_id: owner ?? `user_${unique}_${index}`,
      }));
      const made = await database<
        { id: string }[]
      >`insert into public.tenants ${database(rows)} returning id`;
      await database`update public.tenant_events set processed_at = now() where processed_at is null`;
      return made.map(({ id }) => id);
    },
    /** Resolves when no run is open, of all or of the given tenants. Throws when one did not succeed. */
    async allEnded(tenants: string[] | null = null): Promise<void> {
      for (;;) {
        const [open] = await database<[{ open: number; failed: number }]>`
          select count(*) filter (where finished_at is null)::int as open,
            count(*) filter (where finished_at is not null and state <> 'succeeded')::int as failed
          from public.provision_runs where ${tenants}::uuid[] is null or tenant_id = any (${tenants})`;
        if (open.failed > 0) throw new Error(`${open.failed} runs did not succeed`);
        if (open.open === 0) return;
        await sleep(20);
      }
    },
    /** Resets the vendors' state and sets the latency of their calls in milliseconds. */
    startOver(latencyMs = 0) {
      calls.clear();
      for (const vendor of vendors) {
        sandboxes.vendors[vendor].reset();
        if (latencyMs > 0) this.slowDown(vendor, latencyMs);
      }
    },
    /** Sets the latency of a vendor's calls in milliseconds. */
    slowDown(vendor: Vendor, latencyMs: number) {
      sandboxes.vendors[vendor].faults.add({ fault: "latency", ms: latencyMs, times: null });
    },
    async stop() {
      const exited = once(worker, "exit");
      worker.disconnect();
      await exited;
      await database.end();
      await sandboxes.stop();
      await stack.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
export type Plant = Awaited<ReturnType<typeof startPlant>>;
