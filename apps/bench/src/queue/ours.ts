import { lineLogger } from "@smarteros/core";
import { startWorker } from "@smarteros/queue";
import { listenForTasks } from "@smarteros/queue/listen";
import { postgresTasks } from "@smarteros/queue/postgres";
import postgres from "postgres";
import { concurrency, type Engine, reportError } from "./engine.ts";

/** Runs tasks of `@smarteros/queue` by connections to the database, as the other engines do. */
export async function ours(url: string): Promise<Engine> {
  const sql = postgres(url, { max: 10, onnotice: () => undefined });
  const store = postgresTasks(sql);
  const logger = lineLogger({ info: () => undefined, error: reportError });
  const queue = "bench";
  await store.configure(queue, { maxRunning: 100 });
  return {
    name: "own rows",
    enqueue: async (key, id) =>
      void (await store.enqueue([{ queue, kind: "work", requestedBy: key, payload: { id } }])),
    async work(handle) {
      const wake = listenForTasks(url, logger);
      const worker = startWorker({
        store,
        logger,
        wake,
        workerId: crypto.randomUUID(),
        queues: {
          [queue]: {
            concurrency,
            handlers: { work: async ({ payload }) => void (await handle(payload.id as number)) },
          },
        },
      });
      return async () => {
        await worker.stop();
        await wake.stop();
      };
    },
    stop: () => sql.end(),
  };
}
