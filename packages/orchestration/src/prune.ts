import type { Handler, TaskStore } from "@smarteros/queue";

const dayMs = 86_400_000;
// As many as one call deletes.
const batch = 1_000;

/** Makes the handler that deletes tasks that ended 30 days ago: at most 1000 each time, then a follow-up, at the end for the next day. */
export function pruneHandler(tasks: TaskStore): Handler {
  return async () => {
    const deleted = await tasks.prune();
    return { result: { deleted }, followUps: [pruneTask(deleted < batch ? dayMs : 0)] };
  };
}

/** The task that deletes ended tasks, of which one is open at a time. */
export const pruneTask = (runAfterMs: number) => ({
  queue: "maintenance",
  kind: "prune",
  dedupeKey: "prune",
  requestedBy: "system",
  runAfterMs,
});
