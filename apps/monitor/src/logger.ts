import { lineLogger } from "@smarteros/core";

// Results go to standard output, log lines and errors to standard error.

/** Writes log lines to standard error. */
export const logger = lineLogger({
  info: (line) => console.error(line),
  error: (line) => console.error(line),
});

/** Writes a result to standard output. */
export const print = (text: string) => console.log(text);

/** Writes a message for the person at the terminal to standard error. */
export const complain = (text: string) => console.error(text);
