import type { ConnectorErrorKind } from "@smarteros/connectors/errors";
import type { Vendor } from "@smarteros/connectors/vendors";
import type { Service } from "../live/rows.ts";

/** What a dry run says of one service. */
export type PlannedStep = {
  service: Vendor;
  outcome: "none" | "create" | "complete" | "enable" | "blocked";
  externalId: string | null;
  duplicates: string[];
  drift: Service["drift"];
  missingSettings: string[];
  error: { kind: ConnectorErrorKind; message: string; remedy: string } | null;
};
export type Plan = { plan: PlannedStep[] };

/** Whether nothing stands in a run's way. */
export const isPossible = ({ outcome }: PlannedStep) => outcome !== "blocked";

/** Whether a run would change anything of this. */
export const changesSomething = (step: PlannedStep) => isPossible(step) && step.outcome !== "none";
