import { services } from "./services.ts";

/** Starts the services, and closes the windows of limited calls when the process is told to end: Next waits for `after()`. */
export function begin() {
  const started = services();
  process.once("SIGTERM", () => started?.recorder.flush());
  process.once("SIGINT", () => started?.recorder.flush());
}
