export type * from "./ports.ts";
export { priorities } from "./ports.ts";
export { Postponed, TaskError } from "./task-error.ts";
export {
  type Handler,
  startWorker,
  type TaskContext,
  type Wake,
  type Worker,
  type WorkerOptions,
} from "./worker.ts";
