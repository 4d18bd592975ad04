import { lineLogger, processLines } from "@smarteros/core";

/** The server's log: stderr, because stdout is the protocol's. */
export const logger = lineLogger(processLines({ info: process.stderr, error: process.stderr }));
