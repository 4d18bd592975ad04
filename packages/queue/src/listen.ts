import type { Logger } from "@smarteros/core";
import { pause } from "@smarteros/core/pause";
import postgres from "postgres";
import type { Wake } from "./worker.ts";

const retryAfterMs = 5_000;

/**
 * Listens for new tasks and cancellations on a session connection, which reconnects by itself. Behind a transaction pooler
 * nothing is heard; workers poll in any case.
 */
export function listenForTasks(databaseUrl: string, logger: Logger): Wake & { stop(): Promise<void> } {
  const sql = postgres(databaseUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "smarteros-queue" },
  });
  const stopping = new AbortController();
  const tasks = new Set<(queue: string) => void>();
  const cancels = new Set<(id: string) => void>();

  async function subscribe(channel: string, listeners: Set<(payload: string) => void>): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await sql.listen(channel, (payload) => {
          for (const listener of listeners) listener(payload);
        });
        return;
      } catch (cause) {
        if (stopping.signal.aborted) return;
        logger.error("QUEUE_LISTEN", { channel, cause: String(cause) });
        await pause(retryAfterMs, stopping.signal);
      }
    }
  }
  // Not awaited: a worker starts also while the database is away.
  void subscribe("smarteros_tasks", tasks);
  void subscribe("smarteros_task_cancels", cancels);

  return {
    onTask: (listener) => void tasks.add(listener),
    onCancel: (listener) => void cancels.add(listener),
    async stop() {
      stopping.abort();
      await sql.end({ timeout: 1 });
    },
  };
}
