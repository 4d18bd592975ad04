import { burnWindows } from "./burn-rate.ts";
import type { Observations } from "./observations.ts";

type Probe = "ok" | "error";

/** A stretch of an incident: so many steps, with calls and failures in each, and services that answer in turn as listed. */
export type Stretch = {
  steps: number;
  calls: number;
  failed?: number;
  slow?: number;
  web?: Probe[];
  backend?: Probe[];
  /** The monitor is down: nobody makes a pass. */
  isSilent?: boolean;
};

const stepMinutes = 5;
const up: Probe[] = ["ok"];

/** Plays stretches back step by step, with the counts that the database would give at the end of each. */
export function* play(stretches: Stretch[], startedAt: number) {
  const sums = [{ calls: 0, failed: 0, slow: 0 }];
  let at = startedAt;
  for (const { steps, calls, failed = 0, slow = 0, web = up, backend = up, isSilent } of stretches)
    for (let index = 0; index < steps; index++) {
      const last = sums.at(-1) ?? { calls: 0, failed: 0, slow: 0 };
      sums.push({ calls: last.calls + calls, failed: last.failed + failed, slow: last.slow + slow });
      at += stepMinutes * 60_000;
      if (isSilent) continue;
      const probe = (service: string, turns: Probe[]) => {
        const status = turns[index % turns.length] ?? "ok";
        const error = status === "error" ? "status 503" : null;
        return { service, status, error, at: new Date(at).toISOString() };
      };
      yield {
        now: at,
        observations: {
          calls: countsOf(sums),
          probes: [probe("web", web), probe("backend", backend)],
          provisioning: [],
          auditDropped: 0,
        } satisfies Observations,
      };
    }
}

function countsOf(sums: { calls: number; failed: number; slow: number }[]): Observations["calls"] {
  const lengths = new Set(
    burnWindows.flatMap(({ longMinutes, shortMinutes }) => [longMinutes, shortMinutes]),
  );
  const end = sums.at(-1);
  return [...lengths].map((minutes) => {
    const start = sums.at(-1 - minutes / stepMinutes) ?? sums[0];
    const since = (name: "calls" | "failed" | "slow") => (end?.[name] ?? 0) - (start?.[name] ?? 0);
    return {
      minutes,
      tool: "tenants.create",
      calls: since("calls"),
      failed: since("failed"),
      slow: { 2000: since("slow") },
    };
  });
}
