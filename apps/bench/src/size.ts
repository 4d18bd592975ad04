/** The size of a benchmark: `full` for its figures, `small` to check that it runs. */
export type Size = "full" | "small";

/** Returns the count of a size. */
export const sized = (size: Size, full: number, small: number): number => (size === "full" ? full : small);
