/** The peer, as the lockfile pins it. */
export const inspector = "MCP Inspector 2.12.0";

/** How long a result is waited for, in milliseconds. */
export const capMs = 60_000;

export const atMost = (bound: number) => ({ better: "lower", atMost: bound, of: "value" }) as const;
export const faster = { better: "lower", atMost: 1, of: "ratio" } as const;
