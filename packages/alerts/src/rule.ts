import * as z from "zod";
import { burnWindows } from "./burn-rate.ts";

const slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, "use lower case letters, digits and hyphens, 64 at most");
const tool = z.string().trim().min(1).max(200).optional();
const minimumCalls = z.int().min(1).max(1_000_000).default(20);
// The widest burn rate times the budget must stay below 1, or no failure could ever reach it.
const objective = z
  .number()
  .min(0.94, "must be 0.94 or more: below it no burn rate can be reached")
  .max(0.9999, "must be 0.9999 or less");

const common = {
  id: slug,
  name: z.string().trim().min(1).max(120).optional(),
  enabled: z.boolean().default(true),
  /** Rules of one group share an incident, and so a notification. Default: a group for each rule. */
  group: slug.optional(),
  openAfter: z.int().min(1).max(100).default(2),
  closeAfter: z.int().min(1).max(100).default(3),
  noData: z.enum(["keep", "open", "close"]).default("keep"),
  /** Minutes until an open incident is notified again; 0 for never. */
  renotifyMinutes: z.int().min(0).max(10_080).default(240),
  /** Names of the targets to notify. Default: all. */
  targets: z.array(z.string().trim().min(1).max(120)).max(20).optional(),
};

/** A rule: the signal it watches, when its incident opens and closes, and which targets are notified. */
export const alertRule = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("errors"),
    ...common,
    tool,
    minimumCalls,
    objective: objective.default(0.99),
  }),
  z.strictObject({
    kind: z.literal("latency"),
    ...common,
    tool,
    minimumCalls,
    objective: objective.default(0.95),
    thresholdMs: z.int().min(1).max(600_000).default(2_000),
  }),
  z.strictObject({
    kind: z.literal("probe"),
    ...common,
    service: z.string().trim().min(1).max(100).optional(),
    staleMinutes: z.int().min(1).max(1_440).default(15),
  }),
  z.strictObject({
    kind: z.literal("provisioning"),
    ...common,
    minimumFailures: z.int().min(1).max(10_000).default(1),
  }),
  z.strictObject({ kind: z.literal("audit-drops"), ...common }),
  z.strictObject({
    kind: z.literal("silence"),
    ...common,
    afterMinutes: z.int().min(1).max(10_080).default(15),
  }),
]);

export type AlertRule = z.infer<typeof alertRule>;

/** A time in which failures are expected: of some services, or of everything. */
export const maintenance = z
  .strictObject({
    from: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }),
    services: z.array(z.string().min(1).max(200)).optional(),
  })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
    path: ["until"],
    error: "must be after from",
  });

export type Maintenance = z.infer<typeof maintenance>;

/** The rules file. Its rules are added to the built-in ones and replace those of the same id. */
export const alertRuleFile = z
  .strictObject({
    rules: z.array(alertRule).max(200).default([]),
    maintenance: z.array(maintenance).max(200).default([]),
  })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    path: ["rules"],
    error: "two rules have the same id: rename one",
  });

/** The rules in force where none are configured. */
export const builtInRules: AlertRule[] = [
  { kind: "errors", id: "tool-errors" },
  { kind: "latency", id: "tool-latency", renotifyMinutes: 1_440 },
  { kind: "probe", id: "services" },
  { kind: "provisioning", id: "provisioning", openAfter: 1 },
  { kind: "audit-drops", id: "audit-drops", openAfter: 1 },
  { kind: "silence", id: "monitor-silence" },
].map((rule) => alertRule.parse(rule));

/** Rules by id: later ones replace earlier ones. */
export function mergeRules(...lists: AlertRule[][]): AlertRule[] {
  return [...new Map(lists.flat().map((rule) => [rule.id, rule])).values()];
}

/** Returns what has to be counted for these rules: window lengths in minutes, and latency thresholds in ms. */
export function wantedCounts(rules: AlertRule[]): { minutes: number[]; slowMs: number[] } {
  const slowMs = rules.flatMap((rule) => (rule.kind === "latency" ? rule.thresholdMs : []));
  return {
    minutes: burnWindows.flatMap(({ longMinutes, shortMinutes }) => [longMinutes, shortMinutes]),
    slowMs: [...new Set(slowMs)],
  };
}
