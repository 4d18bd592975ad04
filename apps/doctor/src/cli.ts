import { parseArgs } from "node:util";
import { checkResult, diagnose, type Report, reportOf } from "@smarteros/observability/doctor";
import { embeddedReport } from "./embedded.ts";
import { type Environment, readEnvironment, readSettings, runningFile, setsAnything } from "./env.ts";
import { printed } from "./print.ts";
import { nothingSet, settingFindings } from "./setting-findings.ts";
import { subjectOf } from "./subject.ts";

const usage = `npm run doctor tries everything that a deployment stands on, and says what to do about what is wrong.

  npm run doctor [-- --json] [--env-file FILE]...

  --json       the report as JSON
  --env-file   settings in a file, .env by default; the environment's own come first
  --help       this text

Exits with 0 when nothing is wrong or there are warnings alone, with 1 for errors, with 2 when it cannot run.`;

const cannotRun = 2;

type Parts = {
  environment?: Environment;
  write: (line: string) => void;
  fetch?: typeof globalThis.fetch;
  now?: () => number;
  /** Timeout of one request in milliseconds. */
  timeoutMs?: number;
};

/** Runs the doctor by its CLI arguments. Resolves to the exit code. */
export async function runDoctor(args: string[], { environment, write, ...options }: Parts): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        "env-file": { type: "string", multiple: true, default: [] },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      write(usage);
      return 0;
    }
    const given = readEnvironment(values["env-file"], environment);
    const report = setsAnything(given)
      ? await reportFor(given, options)
      : await embeddedReport(runningFile(given));
    if (!report) {
      write(nothingSet);
      return cannotRun;
    }
    write(values.json ? JSON.stringify(report, null, 2) : printed(report));
    return report.errors > 0 ? 1 : 0;
  } catch (error) {
    // The error of an unreadable file or an unknown argument; neither contains a setting's value.
    write(`doctor: ${(error as Error).message}`);
    return cannotRun;
  }
}

async function reportFor(given: Environment, options: Omit<Parts, "write" | "environment">): Promise<Report> {
  const { settings, problems, wrong } = readSettings(given);
  const { checks } = await diagnose(await subjectOf(settings, wrong), options);
  return reportOf([checkResult("Settings", settingFindings(problems)), ...checks]);
}
