import type { Logger } from "@smarteros/core";
import { openWorkflows } from "./engine.ts";
import type { ProvisioningStore, Run } from "./ports.ts";

type Parts = {
  store: ProvisioningStore;
  workflowOf: (runId: string) => string;
  /** Starts a workflow of its own for a run, once for each name. */
  resume: (run: Run, name: string) => Promise<unknown>;
  logger: Logger;
};

const hourMs = 3_600_000;

/**
 * Gives a workflow to runs that are open and have none: whoever opened or retried them died before it was started, or the
 * engine gave it up. A run counts as left alone when two looks in a row found it so, with nothing done in between.
 */
export function findOrphans({ store, workflowOf, resume, logger }: Parts): () => Promise<void> {
  let suspects = new Map<string, string>();
  return async () => {
    const runs = await store.openRuns({ openedBefore: new Date() });
    const open = await openWorkflows(runs.map(({ id }) => workflowOf(id)));
    const alone = runs.filter(({ id }) => !open.some((workflow) => workflow.startsWith(workflowOf(id))));
    const orphans = alone.filter((run) => suspects.get(run.id) === progressOf(run));
    suspects = new Map(alone.map((run) => [run.id, progressOf(run)]));
    await Promise.all(
      orphans.map(async (run) => {
        // The same name for every worker that finds it, and another one should that workflow be given up as well.
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
