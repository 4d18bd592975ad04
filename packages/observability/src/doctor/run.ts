import type { Check } from "./check.ts";
import { backendCheck, provisioningBackendCheck } from "./checks/backend.ts";
import { clockCheck } from "./checks/clock.ts";
import { databaseCheck } from "./checks/database.ts";
import { identityCheck } from "./checks/identity.ts";
import { eventsCheck, monitorCheck, workerCheck } from "./checks/running.ts";
import { sessionCheck } from "./checks/session.ts";
import { accessCheck, auditCheck, signingCheck, siteCheck, switchCheck } from "./checks/settings.ts";
import { serviceKeyCheck, supabaseCheck } from "./checks/supabase.ts";
import { type Finding, finding } from "./findings.ts";
import { createProbes, type ProbeOptions } from "./probes.ts";
import type { Subject } from "./subject.ts";

export type CheckResult = {
  title: string;
  /** `skipped` where something that it needs is missing, which is another check's finding. */
  state: "ok" | "found" | "skipped";
  findings: Finding[];
};

export type Report = { errors: number; warnings: number; notes: number; checks: CheckResult[] };

const checks: Record<string, Check> = {
  "Tools are switched on": switchCheck,
  "Calls are stored in the audit log": auditCheck,
  "Supabase accepts the publishable key": supabaseCheck,
  "Supabase accepts the service role key": serviceKeyCheck,
  "Keys of the identity provider": identityCheck,
  "Authorized parties hold the site's origin": siteCheck,
  "Session tokens": sessionCheck,
  "Roles of new users": accessCheck,
  "Signing key": signingCheck,
  Backend: backendCheck,
  "Backend of services": provisioningBackendCheck,
  "Database: migrations and partitions": databaseCheck,
  Clocks: clockCheck,
  Monitor: monitorCheck,
  Worker: workerCheck,
  "Changes of tenants": eventsCheck,
};

/**
 * Checks everything that a deployment depends on, concurrently. Never rejects; changes nothing but log lines of the
 * services.
 */
export async function diagnose(subject: Subject, options: ProbeOptions = {}): Promise<Report> {
  const probes = createProbes(subject, options);
  return reportOf(
    await Promise.all(
      Object.entries(checks).map(async ([title, check]) => {
        // What a check throws may quote what it was given.
        const findings = await check(subject, probes).catch(() => [finding("check_failed")]);
        return checkResult(title, findings);
      }),
    ),
  );
}

/** One line of a report. */
export function checkResult(title: string, findings: Finding[] | undefined): CheckResult {
  if (!findings) return { title, state: "skipped", findings: [] };
  return { title, state: findings.length > 0 ? "found" : "ok", findings };
}

/** Counts what was found. */
export function reportOf(results: CheckResult[]): Report {
  const found = results.flatMap(({ findings }) => findings);
  const count = (severity: Finding["severity"]) => found.filter((one) => one.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("info"), checks: results };
}
