import { defineTool, SmarterosError } from "@smarteros/core";
import * as z from "zod";
import { type AlertRule, alertRule } from "./rule.ts";
import {
  type ChannelName,
  shownAddress,
  type TargetSettings,
  targetProblem,
  targetSettings,
} from "./target.ts";

/** A target as it is stored: its settings are secret, its address may be shown. */
export type NewTarget = { name: string; kind: ChannelName; address: string; settings: TargetSettings };

/**
 * Changes rules, mutes and targets. Each method rejects with `not_found` for an id that does not exist, with `conflict` for
 * a name in use, and with `forbidden` for a caller who may not administer alerts.
 */
export type AlertEditor = {
  saveRule(rule: AlertRule, signal: AbortSignal): Promise<void>;
  deleteRule(id: string, signal: AbortSignal): Promise<void>;
  /** Mutes a rule until a time; a time that is over unmutes it. */
  muteRule(id: string, until: Date, signal: AbortSignal): Promise<void>;
  addTarget(target: NewTarget, signal: AbortSignal): Promise<void>;
  removeTarget(id: string, signal: AbortSignal): Promise<void>;
  /** Queues a test message, which the monitor sends. */
  testTarget(id: string, signal: AbortSignal): Promise<void>;
};

/** `allowsInternalTargets` permits targets on internal networks and plain HTTP. */
export type AlertPorts = { alerts: AlertEditor; allowsInternalTargets: boolean };

const define = defineTool<AlertPorts>();
const admin = {
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
} as const;
const destructive = { ...admin, annotations: { ...admin.annotations, destructiveHint: true } } as const;
const muteHours = { none: 0, "1h": 1, "8h": 8, "24h": 24, "7d": 168 };
const ruleId = z.strictObject({ id: z.string().min(1).max(64) });
const targetId = z.strictObject({ id: z.uuid() });

/**
 * Changes that an administrator makes to alerts. They run through the pipeline, so each is limited, recorded and traced as
 * a call is, but no catalog lists them.
 */
export const alertTools = [
  define({
    ...admin,
    name: "alerts.saveRule",
    description: "Add a rule, or replace the one of its id.",
    input: alertRule,
    output: ruleId,
    async handler({ input, ports: { alerts }, call }) {
      await alerts.saveRule(input, call.signal);
      return { id: input.id };
    },
  }),
  define({
    ...destructive,
    name: "alerts.deleteRule",
    description: "Delete a rule; the monitor's own of the same id is in force again.",
    input: ruleId,
    output: ruleId,
    async handler({ input: { id }, ports: { alerts }, call }) {
      await alerts.deleteRule(id, call.signal);
      return { id };
    },
  }),
  define({
    ...admin,
    name: "alerts.muteRule",
    description: "Tell nobody of a rule for some hours, or tell again.",
    input: ruleId.extend({ for: z.enum(Object.keys(muteHours) as [keyof typeof muteHours]) }),
    output: ruleId.extend({ until: z.string() }),
    async handler({ input, ports: { alerts }, call }) {
      const until = new Date(Date.now() + muteHours[input.for] * 3_600_000);
      await alerts.muteRule(input.id, until, call.signal);
      return { id: input.id, until: until.toISOString() };
    },
  }),
  define({
    ...admin,
    name: "alerts.addTarget",
    description: "Add whom to tell. What is secret of it stands under a name that no record keeps.",
    input: z.strictObject({ name: z.string().trim().min(1).max(120), secret: targetSettings }),
    output: z.object({ name: z.string(), kind: z.string(), address: z.string() }),
    async handler({ input: { name, secret }, ports, call }) {
      const problem = await targetProblem(secret, { allowsInternal: ports.allowsInternalTargets });
      if (problem)
        throw new SmarterosError("forbidden", `${problem.field}: ${problem.message}`, {
          issues: [{ path: problem.field, message: problem.message }],
        });
      const target = { name, kind: secret.kind, address: shownAddress(secret) };
      await ports.alerts.addTarget({ ...target, settings: secret }, call.signal);
      return target;
    },
  }),
  define({
    ...destructive,
    name: "alerts.removeTarget",
    description: "Tell a target nothing any more, and forget what is secret of it.",
    input: targetId,
    output: targetId,
    async handler({ input: { id }, ports: { alerts }, call }) {
      await alerts.removeTarget(id, call.signal);
      return { id };
    },
  }),
  define({
    ...admin,
    name: "alerts.testTarget",
    description: "Send a target a test, by way of the monitor.",
    annotations: { ...admin.annotations, idempotentHint: false, openWorldHint: true },
    input: targetId,
    output: targetId,
    async handler({ input: { id }, ports: { alerts }, call }) {
      await alerts.testTarget(id, call.signal);
      return { id };
    },
  }),
];
