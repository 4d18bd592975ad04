import type { Finding } from "./findings.ts";
import type { Probes } from "./probes.ts";
import type { Subject } from "./subject.ts";

/** Resolves to the faults found, none where all is well, and undefined where a setting it needs is missing. */
export type Check = (subject: Subject, probes: Probes) => Promise<Finding[] | undefined>;
