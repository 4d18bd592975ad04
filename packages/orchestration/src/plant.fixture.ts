import { vendors } from "@smarteros/connectors";
import { vi } from "vitest";
import { databaseOf, type Project } from "./database.fixture.ts";
import type { Run } from "./ports.ts";
import { startVendors } from "./sandboxes.fixture.ts";

/** All five services of a tenant. */
export const allFive = vendors.map((vendor) => ({ vendor, action: "provision" as const }));

/** A project and the five vendors' sandboxes: all that workers work on. */
export async function startPlant(project: Project) {
  const sandbox = await startVendors();
  const database = databaseOf(project);
  return {
    project,
    sandbox,
    database,
    /** The open run of all five services of a tenant, which nobody works on yet where it is a new one. */
    async runOf(tenantId: string): Promise<Run> {
      const run = await database.store.open({ tenantId, steps: allFive, requestedBy: "user_test" });
      if (!run) throw new Error("no run");
      return run;
    },
    /** The run as it is when it is over. */
    ended: (id: string): Promise<Run> =>
      vi.waitFor(
        async () => {
          const run = await database.store.run(id);
          if (!run || run.finishedAt === null) throw new Error(`still ${run?.state}`);
          return run;
        },
        { timeout: 60_000, interval: 50 },
      ),
    async stop() {
      await Promise.all([sandbox.stop(), database.end()]);
    },
  };
}
export type Plant = Awaited<ReturnType<typeof startPlant>>;
