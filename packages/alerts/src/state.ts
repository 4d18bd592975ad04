import * as z from "zod";

const subject = z.object({
  rule: z.string(),
  subject: z.string(),
  /** Passes in a row. */
  bad: z.number(),
  good: z.number(),
  open: z.boolean(),
  why: z.string(),
  /** Since when there is no data of it. */
  unknownSince: z.iso.datetime().optional(),
});

const incident = z.object({
  id: z.string(),
  group: z.string(),
  openedAt: z.iso.datetime(),
  notifiedAt: z.iso.datetime().optional(),
  /** Subjects that were notified. */
  told: z.array(z.string()),
  /** Targets that were notified, which are notified of the end too; null for all. */
  targets: z.array(z.string()).nullable(),
  sequence: z.number(),
});

/** All that the engine remembers between two passes, fit to be stored as JSON. */
export const alertState = z.object({
  at: z.iso.datetime().optional(),
  auditDropped: z.number(),
  subjects: z.record(z.string(), subject),
  incidents: z.record(z.string(), incident),
});

export type AlertState = z.infer<typeof alertState>;
export type SubjectState = z.infer<typeof subject>;
export type OpenIncident = z.infer<typeof incident>;

/** The state before the first pass. */
export const noAlertState: AlertState = { auditDropped: 0, subjects: {}, incidents: {} };

/** A notification to send. Its key is the same for every pass over the same state. */
export type AlertNotification = {
  key: string;
  incident: string;
  group: string;
  kind: "opened" | "changed" | "reminder" | "resolved" | "gap";
  at: string;
  openedAt: string;
  subjects: { rule: string; subject: string; why: string }[];
  /** Names of the targets; null for all. */
  targets: string[] | null;
};

/** An incident as the history stores it. */
export type IncidentRecord = {
  id: string;
  group: string;
  openedAt: string;
  closedAt: string | null;
  subjects: { rule: string; subject: string; why: string }[];
};
