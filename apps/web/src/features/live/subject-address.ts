import type { Subject } from "@smarteros/tools-fastapi/provisioning-log";

/** Builds the address of one of our routes about a subject. */
export const aboutSubject = (path: string, { kind, id }: Subject) => `${path}?${kind}=${id}`;
