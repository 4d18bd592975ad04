/** A right that a tool requires and a role grants. */
export type Capability = "read" | "write" | "audit" | "admin";
