import { parseArgs } from "node:util";

/** The parsed command line: print the usage, run probes once or every `everyMs` milliseconds, or verify seals. */
export type CliArguments =
  | { kind: "help" }
  | { kind: "run"; everyMs?: number; json: boolean }
  | { kind: "verify"; head?: string };

export const usage = `smarteros-monitor looks at the web app, Supabase, the backend, the vendors and further addresses, and stores a row for each in external_health.

  smarteros-monitor [--once] [--json]     one pass, for cron
  smarteros-monitor --every 5m [--json]   passes until SIGTERM or SIGINT; s, m or h, from 10s to 24h

  smarteros-monitor --verify [--head HASH]  whether the audit log is still what was sealed, and the seal of that hash
                                          still there; exits with 1 when not

  --json   results as one line of JSON for each pass
  --help   this text

Settings: NEXT_PUBLIC_SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY; WEB_URL, FASTAPI_URL, MONITOR_URLS ("name=url name=url"),
MONITOR_DOWN_AFTER, MONITOR_UP_AFTER, the vendors' as the backend reads them, MONITOR_BUFFER_FILE,
AUDIT_RETENTION_DAYS, AUDIT_SEAL, ALERT_RULES, ALERT_FALLBACK_URL, SMARTEROS_IDENTITY where wanted. One pass exits with 0 when all is ok, with 1 when something is not (or could not be
stored), with 2 when arguments or settings are wrong; a loop that was asked to end exits with 0.`;

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 };
const shortestMs = 10_000;
const longestMs = 24 * unitMs.h;

/** Parses the command line. Throws an `Error` whose message names the invalid argument. */
export function parseCliArguments(args: string[]): CliArguments {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: "boolean" },
      every: { type: "string" },
      json: { type: "boolean", default: false },
      verify: { type: "boolean" },
      head: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return { kind: "help" };
  if (values.verify) return verification(values);
  if (values.head !== undefined) throw new Error("--head goes with --verify.");
  if (values.every === undefined) return { kind: "run", json: values.json };
  if (values.once) throw new Error("--once and --every exclude each other.");
  return { kind: "run", everyMs: milliseconds(values.every), json: values.json };
}

function verification({
  head,
  ...others
}: {
  head?: string;
  once?: boolean;
  every?: string;
  json: boolean;
}): CliArguments {
  if (others.once || others.every !== undefined || others.json)
    throw new Error("--verify goes with --head alone.");
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw new Error(
      "--head wants the hash of a seal, 64 hexadecimal digits, as a line [AUDIT_SEALED] shows it.",
    );
  return { kind: "verify", ...(head === undefined ? {} : { head }) };
}

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const result = Number(amount) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN);
  if (result >= shortestMs && result <= longestMs) return result;
  throw new Error("--every wants a time from 10s to 24h, such as 30s, 5m or 1h.");
}
