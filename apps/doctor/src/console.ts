/** Prints a line to standard output. */
export const write = (line: string) => console.log(line);
