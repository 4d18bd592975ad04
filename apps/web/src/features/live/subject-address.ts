/** What is followed: all services of a tenant, or one run. */
export type Subject = { kind: "tenant" | "run"; id: string };

/** Builds the address of one of our routes about a subject. */
export const aboutSubject = (path: string, { kind, id }: Subject) => `${path}?${kind}=${id}`;
