/** Prints a line on standard output. */
export const write = (line: string) => console.log(line);
