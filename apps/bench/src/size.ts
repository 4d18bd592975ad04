/** How much a benchmark does: `full` for its figures, `small` to see that it still runs. */
export type Size = "full" | "small";

/** The count that belongs to a size. */
export const sized = (size: Size, full: number, small: number): number => (size === "full" ? full : small);
