import type { ConnectorErrorKind } from "@smarteros/connectors/errors";
import type { Vendor } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";

/** The result of a dry run for one service. */
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

/** Decides whether a run can carry out the step. */
export const isPossible = ({ outcome }: PlannedStep) => outcome !== "blocked";

/** Decides whether a run would change anything in this step. */
export const changesSomething = (step: PlannedStep) => isPossible(step) && step.outcome !== "none";
