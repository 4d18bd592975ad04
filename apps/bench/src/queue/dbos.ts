import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import { concurrency, type Engine, reportError } from "./engine.ts";

/** Runs workflows of one step by a queue of DBOS, with the polling interval of the product. One per process. */
export async function dbos(url: string): Promise<Engine> {
  let handle: (id: number) => Promise<void> = async () => undefined;
  const silent = () => undefined;
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: url,
    // Polls, as behind a transaction pooler.
    useListenNotify: false,
    logger: { debug: silent, info: silent, warn: silent, error: reportError },
  });
  await DBOS.migrate(url);
  const workflow = DBOS.registerWorkflow((id: number) => DBOS.runStep(() => handle(id), { name: "work" }), {
    name: "work",
  });
  // Enqueues while no worker runs, as the other engines do.
  const client = await DBOSClient.create({ systemDatabaseUrl: url });
  return {
    name: "DBOS",
    enqueue: async (_key, id) =>
      void (await client.enqueue<typeof workflow>({ workflowName: "work", queueName: "bench" }, id)),
    async work(given) {
      handle = given;
      await DBOS.launch();
      await DBOS.registerQueue("bench", { workerConcurrency: concurrency, minPollingIntervalMs: 100 });
      return () => DBOS.shutdown();
    },
    stop: () => client.destroy(),
  };
}
