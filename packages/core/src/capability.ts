/** What a tool may require and a role grant. */
export type Capability = "read" | "write" | "audit" | "admin";
