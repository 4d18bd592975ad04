import "vitest";
import type { RunningWeb } from "./web-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The web app in each of its states, all on the embedded project; setup.ts starts them. */
    web: {
      /** Local identity, rows by the service role. */
      local: RunningWeb;
      /** Clerk identity with a PEM key and no service role key: rows by the caller's own token. */
      clerk: RunningWeb;
      /** As `local`, with the master switch off. */
      disabled: RunningWeb;
      /** Settings that are missing and wrong. */
      misconfigured: RunningWeb;
    };
  }
}
