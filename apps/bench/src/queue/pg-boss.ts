import { PgBoss } from "pg-boss";
import { concurrency, type Engine, reportError } from "./engine.ts";

/** Runs jobs of pg-boss with its shortest polling interval. */
export async function pgBoss(url: string): Promise<Engine> {
  const boss = new PgBoss({ connectionString: url, max: 10 });
  boss.on("error", reportError);
  await boss.start();
  await boss.createQueue("bench");
  return {
    name: "pg-boss",
    enqueue: async (key, id) => void (await boss.send("bench", { id }, { group: { id: key } })),
    async work(handle) {
      const options = { localConcurrency: concurrency, batchSize: 1, pollingIntervalSeconds: 0.5 };
      await boss.work<{ id: number }>("bench", options, async ([job]) => {
        if (job) await handle(job.data.id);
      });
      return () => boss.offWork("bench");
    },
    stop: () => boss.stop({ graceful: false }),
  };
}
