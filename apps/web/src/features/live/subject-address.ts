/** What is looked at: all services of a tenant, or one run. */
export type Subject = { kind: "tenant" | "run"; id: string };

/** The address of a door of ours about it. */
export const aboutSubject = (path: string, { kind, id }: Subject) => `${path}?${kind}=${id}`;
