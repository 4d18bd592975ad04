import { Logger, makeWorkerUtils, run, runMigrations } from "graphile-worker";
import { concurrency, type Engine } from "./engine.ts";

/** Runs jobs of graphile-worker, which listens for new ones. */
export async function graphile(url: string): Promise<Engine> {
  const logger = new Logger(() => () => undefined);
  await runMigrations({ connectionString: url, logger });
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  return {
    name: "graphile-worker",
    enqueue: async (_key, id) => void (await utils.addJob("work", { id })),
    async work(handle) {
      const runner = await run({
        connectionString: url,
        logger,
        concurrency,
        noHandleSignals: true,
        taskList: { work: async (payload) => handle((payload as { id: number }).id) },
      });
      return () => runner.stop();
    },
    stop: async () => void (await utils.release()),
  };
}
