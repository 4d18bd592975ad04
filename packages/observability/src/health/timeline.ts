import * as z from "zod";

const share = z.number().min(0).max(1).nullable();
const state = z.enum(["ok", "degraded", "error", "maintenance"]);
/** Percentiles of the latency of healthy responses, in milliseconds; null without one. */
const latencies = { p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() };

/** One day of UTC, or one hour: in error where an incident touches it, degraded where something else was amiss. */
const healthBar = z.object({ at: z.string(), state, samples: z.number(), uptime: share, ...latencies });

const healthService = z.object({
  service: z.string(),
  /** The current state: `error` during an incident, `degraded` after one failure or a slow response. */
  state,
  /** The result of the last probe. */
  status: z.enum(["ok", "degraded", "error"]),
  checkedAt: z.string(),
  latencyMs: z.number().nullable(),
  /** The last complaint, in the monitor's words. */
  error: z.string().nullable(),
  /** Without what was seen during maintenance. */
  samples: z.number(),
  uptime: share,
  ...latencies,
  /** Moments of which nothing was seen are not there. */
  bars: z.array(healthBar),
});

const healthIncident = z.object({
  id: z.string(),
  service: z.string(),
  from: z.string(),
  /** Null while it lasts. */
  to: z.string().nullable(),
  failures: z.number(),
  reason: z.string(),
});

const maintenanceWindow = z.object({
  id: z.string(),
  /** Null is every service. */
  service: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  reason: z.string(),
});

/** The health of services over a time: the worst first, incidents and windows the latest first, 100 of each at most. */
export const healthTimeline = z.object({
  from: z.string(),
  to: z.string(),
  step: z.enum(["hour", "day"]),
  /** The day from which on the figures are complete, while earlier ones of this time are still being counted; else null. */
  countedFrom: z.string().nullable(),
  services: z.array(healthService),
  incidents: z.array(healthIncident),
  windows: z.array(maintenanceWindow),
});

export type HealthTimeline = z.infer<typeof healthTimeline>;
export type HealthService = z.infer<typeof healthService>;
export type HealthBar = z.infer<typeof healthBar>;

/** A maintenance window that is to be; moments are ISO 8601 with an offset. */
export type NewMaintenanceWindow = {
  service?: string | undefined;
  from: string;
  to: string;
  reason: string;
};

/** The monitor's results, as one principal may read and change them. All methods may reject with their database's errors. */
export type HealthLog = {
  /** Days, 1 to 90, that end today; by the hour for one. Needs `read`. */
  timeline(
    wanted: { days: number; service?: string | undefined },
    signal: AbortSignal,
  ): Promise<HealthTimeline>;
  /** Resolves to its id; rejects with `invalid_input` where it makes no sense. Needs `admin`. */
  createWindow(window: NewMaintenanceWindow, signal: AbortSignal): Promise<string>;
  /** Ends a window now, or calls it off; resolves to whether there was one to end. Needs `admin`. */
  endWindow(id: string, signal: AbortSignal): Promise<boolean>;
};
