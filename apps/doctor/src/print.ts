import type { CheckResult, Finding, Report, Severity } from "@smarteros/observability/doctor";

const marks: Record<Severity, string> = { error: "✖", warning: "!", info: "i" };

/** Formats a report as text: a line for each check, and below it the remedy. */
export function printed(report: Report): string {
  const lines = report.checks.flatMap(linesOf);
  return [...lines, "", `${summary(report)} docs/doctor.md explains each by its code.`].join("\n");
}

function linesOf({ title, state, findings }: CheckResult): string[] {
  if (state === "ok") return [`✔ ${title}`];
  if (state === "skipped") return [`– ${title}: not checked`];
  return findings.flatMap((one) => [
    `${marks[one.severity]} ${title}: ${textOf(one)}`,
    `    → ${one.remedy}`,
  ]);
}

const textOf = ({ what, code }: Finding) => `${what} [${code}]`;

function summary({ errors, warnings, notes }: Report): string {
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  return `${count(errors, "error")}, ${count(warnings, "warning")}, ${count(notes, "note")}.`;
}
