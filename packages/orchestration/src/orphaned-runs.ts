import type { Logger } from "@smarteros/core";
import { openWorkflows } from "./engine.ts";
import type { ProvisioningStore, Run } from "./ports.ts";

type Parts = {
  store: ProvisioningStore;
  workflowOf: (runId: string) => string;
  /** Starts an additional workflow for a run. A second start with the same name has no effect. */
  resume: (run: Run, name: string) => Promise<unknown>;
  logger: Logger;
};

const hourMs = 3_600_000;

/**
 * Returns a check that starts a workflow for each open run without one: the process that opened or retried the run died
 * before it started the workflow, or the engine gave the workflow up. A run is orphaned when two checks in a row find it
 * without a workflow and without progress.
 */
export function resumeOrphanedRuns({ store, workflowOf, resume, logger }: Parts): () => Promise<void> {
  let suspects = new Map<string, string>();
  return async () => {
    const runs = await store.openRuns({ openedBefore: new Date() });
    const open = await openWorkflows(runs.map(({ id }) => workflowOf(id)));
    const idle = runs.filter(({ id }) => !open.some((workflow) => workflow.startsWith(workflowOf(id))));
    const orphaned = idle.filter((run) => suspects.get(run.id) === progressOf(run));
    suspects = new Map(idle.map((run) => [run.id, progressOf(run)]));
    await Promise.all(
      orphaned.map(async (run) => {
        // All workers that find the run derive the same name. The hour and the attempts make a new name possible, in
        // case the engine gives up this workflow too.
        await resume(
          run,
          `alone:${Math.floor(Date.now() / hourMs)}:${run.steps.reduce((sum, { attempts }) => sum + attempts, 0)}`,
        );
        logger.info("PROVISION_RESUMED", { runId: run.id });
      }),
    );
  };
}

const progressOf = ({ steps }: Run) => steps.map(({ state, attempts }) => `${state} ${attempts}`).join();
