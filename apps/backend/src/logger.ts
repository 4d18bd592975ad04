import { lineLogger } from "@smarteros/core";

/** The backend's log: its process's stdout and stderr. */
export const logger = lineLogger({ info: console.log, error: console.error });
