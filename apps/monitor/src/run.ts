import { redactCause } from "@smarteros/observability";
import type { DiskBuffer } from "@smarteros/observability/disk-buffer";
import { announceHost } from "@smarteros/observability/supabase";
import { observabilityTools } from "@smarteros/observability/tools";
import { asService } from "@smarteros/supabase";
import { createBackendTools, provisioningTools } from "@smarteros/tools-fastapi";
import { tenantTools } from "@smarteros/tools-tenants";
import { createAlerts } from "./alerts/alerts.ts";
import { type RulesFile, readRulesFile } from "./alerts/rules-file.ts";
import { supabaseAuditLog } from "./audit-log.ts";
import { type CliArguments, parseCliArguments, usage } from "./cli.ts";
import { type MonitorSettings, parseEnvironment } from "./env.ts";
import { openHealthBuffer } from "./health-buffer.ts";
import { healthRollup } from "./health-rollup.ts";
import type { HealthRow } from "./health-row.ts";
import { complain, logger, print } from "./logger.ts";
import { loop } from "./loop.ts";
import { auditJobs, createJob } from "./maintenance-jobs.ts";
import { createPass, type PassReport } from "./pass.ts";
import { probesOf } from "./probes.ts";
import { asJson, asTable, printOnChange } from "./report.ts";
import { shutdownSignals } from "./shutdown.ts";
import { supabaseStore } from "./store.ts";
import { verifySeals } from "./verify-seals.ts";

const misconfigured = 2;
const betweenDeliveriesMs = 5_000;
const tools = [...tenantTools, ...observabilityTools, ...createBackendTools(), ...provisioningTools];
const toolNames = tools.map(({ name }) => name);

/**
 * Runs the monitor with the given CLI arguments and the environment. Resolves to the exit code: 0 all ok (or a loop
 * ended by a signal), 1 a failure, 2 invalid arguments or settings.
 */
export async function runMonitor(args: string[]): Promise<number> {
  let cliArguments: CliArguments;
  try {
    cliArguments = parseCliArguments(args);
  } catch (error) {
    complain(`${(error as Error).message}\n\n${usage}`);
    return misconfigured;
  }
  if (cliArguments.kind === "help") {
    print(usage);
    return 0;
  }
  const settings = parseEnvironment();
  if (cliArguments.kind === "verify")
    return settings.ok ? await verify(cliArguments, settings.value) : misconfiguredBy(settings.problems);
  const buffer = settings.ok ? openHealthBuffer(settings.value.bufferFile) : undefined;
  const rules = settings.ok ? readRulesFile(settings.value.alertRulesFile) : undefined;
  const ruleProblems = rules?.ok === false ? rules.problems : [];
  const problems = settings.ok ? [...bufferProblems(buffer), ...ruleProblems] : settings.problems;
  if (!settings.ok || !buffer || !rules?.ok || problems.length > 0) return misconfiguredBy(problems);
  return orFailed(watch(cliArguments, settings.value, buffer, rules.value));
}

function misconfiguredBy(problems: string[]): number {
  logger.error("MISCONFIGURED", { problems });
  return misconfigured;
}

async function orFailed(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    logger.error("MONITOR_FAILED", { cause: redactCause(error) });
    return 1;
  }
}

function verify(
  { head }: Extract<CliArguments, { kind: "verify" }>,
  settings: MonitorSettings,
): Promise<number> {
  const audit = supabaseAuditLog(serviceClient(settings));
  return orFailed(
    verifySeals(audit, head).then((findings) => {
      print(findings.lines.join("\n"));
      return findings.ok ? 0 : 1;
    }),
  );
}

function serviceClient({ supabase: { url, serviceRoleKey } }: MonitorSettings) {
  return asService(
    { url, fetch: (input, init) => fetch(input, { ...init, redirect: "manual" }) },
    serviceRoleKey,
  );
}

async function watch(
  cliArguments: Extract<CliArguments, { kind: "run" }>,
  settings: MonitorSettings,
  buffer: DiskBuffer<HealthRow>,
  file: RulesFile,
): Promise<number> {
  const { stop, deadline } = shutdownSignals();
  const client = serviceClient(settings);
  const alerts = createAlerts({ client, settings, file, logger });
  const pass = createPass({
    probes: probesOf(settings),
    store: supabaseStore(client),
    buffer,
    logger,
    signal: deadline,
    rollUpHealth: healthRollup(client, settings.thresholds),
    // A single pass, often started by hand, runs without delay.
    spreadMs: cliArguments.everyMs === undefined ? 0 : 500,
    auditJobs: {
      ...auditJobs(supabaseAuditLog(client), settings, logger),
      announce: () => announceHost(client, { tools: toolNames, settings: settings.databaseSettings }),
    },
    alerts: alerts.pass,
  });
  if (cliArguments.everyMs === undefined) {
    const report = await pass();
    print(cliArguments.json ? asJson(report) : asTable(report));
    return report.ok ? 0 : 1;
  }
  const printReport = cliArguments.json
    ? (report: PassReport) => print(asJson(report))
    : printOnChange(print);
  const watchOnce = async () => {
    const report = await pass();
    printReport(report);
    await alerts.notifyOutage?.(report.stored);
  };
  // Retries and test notifications are delivered every 5 s, without waiting for the next pass.
  const deliverDue = createJob({
    event: "MONITOR_DELIVERY_FAILED",
    everyMs: 0,
    work: alerts.deliver,
    logger,
    signal: deadline,
    now: Date.now,
  });
  await Promise.all([
    loop({ everyMs: cliArguments.everyMs, pass: watchOnce, stop, logger }),
    loop({
      everyMs: betweenDeliveriesMs,
      pass: () => deliverDue(true),
      stop,
      logger,
      slowEvent: "MONITOR_DELIVERY_SLOW",
    }),
  ]);
  return 0;
}

// Checked at the start: at the time the database is down it would be too late, and rows would be lost.
function bufferProblems(buffer: DiskBuffer<HealthRow> | undefined): string[] {
  try {
    buffer?.prepare();
    return [];
  } catch (error) {
    const why = "code" in (error as object) ? (error as NodeJS.ErrnoException).code : "not a file";
    return [`MONITOR_BUFFER_FILE cannot be written (${why}): name a file in a folder of yours`];
  }
}
