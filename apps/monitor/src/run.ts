import { redactCause } from "@smarteros/observability";
import { type DiskBuffer, openDiskBuffer } from "@smarteros/observability/disk-buffer";
import { announceHost } from "@smarteros/observability/supabase";
import { observabilityTools } from "@smarteros/observability/tools";
import { asService } from "@smarteros/supabase";
import { createBackendTools } from "@smarteros/tools-fastapi";
import { tenantTools } from "@smarteros/tools-tenants";
import { createAlerts } from "./alerts/alerts.ts";
import { type RulesFile, readRulesFile } from "./alerts/rules-file.ts";
import { supabaseAuditLog } from "./audit-log.ts";
import { auditUpkeep, createChore } from "./chores.ts";
import { type MonitorSettings, parseEnvironment } from "./env.ts";
import { type HealthRow, healthRow } from "./health-row.ts";
import { healthCounter } from "./health-timeline.ts";
import { complain, logger, print } from "./logger.ts";
import { loop } from "./loop.ts";
import { createPass, type PassReport } from "./pass.ts";
import { probesOf } from "./probes.ts";
import { asJson, asTable, changeTeller } from "./report.ts";
import { whenAskedToStop } from "./stop.ts";
import { supabaseStore } from "./store.ts";
import { verifySeals } from "./verify-seals.ts";
import { readWords, usage, type Wish } from "./words.ts";

const misconfigured = 2;
const betweenDeliveriesMs = 5_000;
const toolNames = [...tenantTools, ...observabilityTools, ...createBackendTools()].map(({ name }) => name);

/**
 * Runs the monitor as its command line and the environment ask, and resolves to the code to exit with: 0 all ok (or a
 * loop that was asked to end), 1 something is not, 2 wrong arguments or settings.
 */
export async function runMonitor(words: string[]): Promise<number> {
  let wish: Wish;
  try {
    wish = readWords(words);
  } catch (error) {
    complain(`${(error as Error).message}\n\n${usage}`);
    return misconfigured;
  }
  if (wish.kind === "help") {
    print(usage);
    return 0;
  }
  const settings = parseEnvironment();
  if (wish.kind === "verify")
    return settings.ok ? await verify(wish, settings.value) : misconfiguredBy(settings.problems);
  const spill = settings.ok ? openDiskBuffer(settings.value.spillFile, healthRow) : undefined;
  const rules = settings.ok ? readRulesFile(settings.value.alertRulesFile) : undefined;
  const ruleProblems = rules?.ok === false ? rules.problems : [];
  const problems = settings.ok ? [...spillProblems(spill), ...ruleProblems] : settings.problems;
  if (!settings.ok || !spill || !rules?.ok || problems.length > 0) return misconfiguredBy(problems);
  return orFailed(watch(wish, settings.value, spill, rules.value));
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

function verify({ head }: Extract<Wish, { kind: "verify" }>, settings: MonitorSettings): Promise<number> {
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
  wish: Extract<Wish, { kind: "run" }>,
  settings: MonitorSettings,
  spill: DiskBuffer<HealthRow>,
  file: RulesFile,
): Promise<number> {
  const { stop, deadline } = whenAskedToStop();
  const client = serviceClient(settings);
  const alerts = createAlerts({ client, settings, file, logger });
  const pass = createPass({
    probes: probesOf(settings),
    store: supabaseStore(client),
    spill,
    logger,
    signal: deadline,
    countHealth: healthCounter(client, settings.thresholds),
    // Who makes one pass by hand need not wait.
    spreadMs: wish.everyMs === undefined ? 0 : 500,
    upkeep: {
      ...auditUpkeep(supabaseAuditLog(client), settings, logger),
      announce: () => announceHost(client, { tools: toolNames, settings: settings.databaseSettings }),
    },
    alerts: alerts.pass,
  });
  if (wish.everyMs === undefined) {
    const report = await pass();
    print(wish.json ? asJson(report) : asTable(report));
    return report.ok ? 0 : 1;
  }
  const tell = wish.json ? (report: PassReport) => print(asJson(report)) : changeTeller(print);
  const watchOnce = async () => {
    const report = await pass();
    tell(report);
    await alerts.tellOutage?.(report.stored);
  };
  // What is due for another attempt, and what someone tries out, waits for no pass.
  const tellDue = createChore({
    event: "MONITOR_DELIVERY_FAILED",
    everyMs: 0,
    work: alerts.deliver,
    logger,
    signal: deadline,
    now: Date.now,
  });
  await Promise.all([
    loop({ everyMs: wish.everyMs, pass: watchOnce, stop, logger }),
    loop({
      everyMs: betweenDeliveriesMs,
      pass: () => tellDue(true),
      stop,
      logger,
      slowEvent: "MONITOR_DELIVERY_SLOW",
    }),
  ]);
  return 0;
}

// Found out now and not on the day when the database is down and the rows have nowhere to go.
function spillProblems(spill: DiskBuffer<HealthRow> | undefined): string[] {
  try {
    spill?.prepare();
    return [];
  } catch (error) {
    const why = "code" in (error as object) ? (error as NodeJS.ErrnoException).code : "not a file";
    return [`MONITOR_SPILL_FILE cannot be written (${why}): name a file in a folder of yours`];
  }
}
