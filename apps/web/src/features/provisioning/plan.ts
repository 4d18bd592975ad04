import type { ConnectorErrorKind } from "@smarteros/connectors/errors";
import type { Vendor } from "@smarteros/connectors/vendors";
import type { Service } from "./rows.ts";

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

/** Whether a run would change anything of this. */
export const changesSomething = ({ outcome }: PlannedStep) => outcome !== "none" && outcome !== "blocked";
