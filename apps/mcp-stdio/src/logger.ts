import { lineLogger } from "@smarteros/core";

/** The server's log: stderr, because stdout is the protocol's. */
export const logger = lineLogger({ info: console.error, error: console.error });
