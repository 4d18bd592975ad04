import * as z from "zod";
import { observations } from "./observations.ts";
import { maintenance } from "./rule.ts";
import { type AlertNotification, type AlertState, alertState, noAlertState } from "./state.ts";

/** Parses what `read_alerts` returns. */
export const alertReading = z.object({
  version: z.number(),
  state: alertState.nullable().transform((state) => state ?? noAlertState),
  rules: z.array(z.unknown()),
  maintenance: z.array(maintenance),
  mutes: z.record(z.string(), z.iso.datetime({ offset: true }).transform(Date.parse)),
  observations,
});

/** The input of a pass. Its rules are not validated yet. */
type AlertReading = z.infer<typeof alertReading>;

/** A delivery that this process has claimed for a minute. */
type ClaimedDelivery = {
  id: string;
  attempts: number;
  payload: unknown;
  target: string;
  settings: unknown;
};

/** Stores the state of alerts between passes, and the outbox of their deliveries. */
export type AlertStore = {
  read(counts: { minutes: number[]; slowMs: number[] }, signal: AbortSignal): Promise<AlertReading>;
  /** Stores a pass in one transaction; resolves to false where another monitor stored one since `version` was read. */
  store(
    pass: {
      version: number;
      state: AlertState;
      rules: unknown[];
      incidents: unknown[];
      notifications: AlertNotification[];
    },
    signal: AbortSignal,
  ): Promise<boolean>;
  claim(signal: AbortSignal): Promise<ClaimedDelivery[]>;
  end(
    delivery: {
      id: string;
      delivered: boolean;
      status: number | null;
      reason: string | null;
      retryAt: Date | null;
    },
    signal: AbortSignal,
  ): Promise<void>;
};
