import type { Database } from "@smarteros/supabase";
import { priorities, type Task, type TaskProblem, type TaskState } from "./ports.ts";

export type TaskRow = Database["public"]["Tables"]["tasks"]["Row"];

/** Maps a row of the database. The casts rely on its check constraints. */
export function taskFrom(row: TaskRow): Task {
  return {
    id: row.id,
    queue: row.queue,
    kind: row.kind,
    tenantId: row.tenant_id,
    requestedBy: row.requested_by,
    priority: priorities[row.priority] ?? "normal",
    payload: row.payload as Record<string, unknown>,
    state: row.state as TaskState,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    progress: row.progress,
    result: row.result,
    error: row.error as TaskProblem | null,
    parentId: row.parent_id,
    traceparent: row.traceparent,
  };
}
