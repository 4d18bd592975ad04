import { lineLogger } from "@smarteros/core";

// Results go to standard output, everything that is said about them to standard error.

/** Writes a log line. */
export const logger = lineLogger({
  info: (line) => console.error(line),
  error: (line) => console.error(line),
});

/** Writes a result. */
export const print = (text: string) => console.log(text);

/** Says something to whoever started us. */
export const complain = (text: string) => console.error(text);
