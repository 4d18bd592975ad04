import { lineLogger } from "@smarteros/core";

/** Logs to stdout and stderr of the process. */
export const logger = lineLogger({ info: console.log, error: console.error });
