export { type Finding, finding, findingTable, type Severity } from "./findings.ts";
export { type CheckResult, checkResult, diagnose, type Report, reportOf } from "./run.ts";
export type { DatabaseState, Migration, Subject } from "./subject.ts";
