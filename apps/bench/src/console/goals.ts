/** The peer with its pinned version. */
export const inspector = "MCP Inspector 2.12.0";

/** Timeout of a result in milliseconds. */
export const capMs = 60_000;

export const atMost = (bound: number) => ({ better: "lower", atMost: bound, of: "value" }) as const;
export const faster = { better: "lower", atMost: 1, of: "ratio" } as const;
