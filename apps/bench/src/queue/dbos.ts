import { DBOS } from "@dbos-inc/dbos-sdk";
import { concurrency, type Engine, reportError } from "./engine.ts";

/** Runs workflows of one step by a queue of DBOS, with the polling interval of the product. One per process. */
export async function dbos(url: string): Promise<Engine> {
  let handle: (id: number) => Promise<void> = async () => undefined;
  const silent = () => undefined;
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: url,
    logger: { debug: silent, info: silent, warn: silent, error: reportError },
  });
  await DBOS.migrate(url);
  const workflow = DBOS.registerWorkflow((id: number) => DBOS.runStep(() => handle(id), { name: "work" }), {
    name: "work",
  });
  await DBOS.launch();
  return {
    name: "DBOS",
    enqueue: async (_key, id) => void (await DBOS.startWorkflow(workflow, { queueName: "bench" })(id)),
    async work(given) {
      handle = given;
      await DBOS.registerQueue("bench", { workerConcurrency: concurrency, minPollingIntervalMs: 100 });
      return async () => undefined;
    },
    stop: () => DBOS.shutdown(),
  };
}
