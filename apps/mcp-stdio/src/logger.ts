import { lineLogger, processLines } from "@smarteros/core";

/** Logs to stderr, because stdout belongs to the protocol. */
export const logger = lineLogger(processLines({ info: process.stderr, error: process.stderr }));
