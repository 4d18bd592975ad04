import { vendors } from "@smarteros/connectors";
import { expect, vi } from "vitest";
import { databaseOf, type Project } from "./database.fixture.ts";
import type { Run } from "./ports.ts";
import { startVendors } from "./sandboxes.fixture.ts";

/** Steps that provision all services. */
export const allFive = vendors.map((vendor) => ({ vendor, action: "provision" as const }));

/** Starts the sandboxes of all vendors and connects to a project: the environment of workers. */
export async function startPlant(project: Project) {
  const sandbox = await startVendors();
  const database = databaseOf(project);
  /** Resolves to the run after it has ended. */
  const ended = (id: string, timeout = 60_000): Promise<Run> =>
    vi.waitFor(
      async () => {
        const run = await database.store.run(id);
        if (!run || run.finishedAt === null) throw new Error(`still ${run?.state}`);
        return run;
      },
      { timeout, interval: timeout / 1_200 },
    );
  /** Decides, as a person, that no creation of unknown outcome of the tenant took effect. */
  const nothingExists = (tenantId: string) => database.superuser`
    update public.provision_intents set settled_at = now(), settled_as = 'person'
    where tenant_id = ${tenantId} and settled_at is null`;
  return {
    project,
    sandbox,
    database,
    /** Opens a run of all services of a tenant, or resolves to the open one. */
    async runOf(tenantId: string): Promise<Run> {
      const run = await database.store.open({ tenantId, steps: allFive, requestedBy: "user_test" });
      if (!run) throw new Error("no run");
      return run;
    },
    ended,
    nothingExists,
    /**
     * Resolves after the run succeeded. The lists of Botpress may lag, so that a creation there of unknown outcome that no list
     * shows is decided by a person.
     */
    async succeeded(id: string): Promise<void> {
      const run = await ended(id);
      const unsettled = run.steps.filter(({ error }) => error?.remedy === "confirm_creation");
      if (unsettled.length > 0) {
        expect(unsettled.map(({ vendor }) => vendor)).toEqual(["botpress"]);
        expect(sandbox.of(run.tenantId)).not.toContain("botpress bot");
        await nothingExists(run.tenantId);
        await database.store.retry(id);
      }
      expect((await ended(id)).state).toBe("succeeded");
    },
    async stop() {
      await Promise.all([sandbox.stop(), database.end()]);
    },
  };
}
export type Plant = Awaited<ReturnType<typeof startPlant>>;
