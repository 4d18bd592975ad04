import { services } from "./services.ts";

/**
 * Starts the services. When the process is told to end, it closes the windows of limited calls, because Next waits for
 * `after()`, and the streams, because Next waits for them too.
 */
export function begin() {
  const started = services();
  const end = () => {
    started?.streams.end();
    started?.recorder.flush();
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}
