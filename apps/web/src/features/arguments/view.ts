import type { Complaint } from "./complaints.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import type { Schema } from "./schema.ts";

/** A tenant that a field may be about. */
export type KnownTenant = { id: string; name: string; rut: string };

/** What both views of the arguments are given. */
export type ArgumentsViewProps = {
  schema: Schema;
  text: string;
  parsed: ParsedArguments;
  onChange: (text: string) => void;
  /** Issues of the server that still stand. */
  issues: Complaint[];
  tenants: KnownTenant[];
  disabled: boolean;
  /** Whether to run was tried: from then on every field says what is wrong with it. */
  tried: boolean;
  onRun: () => void;
};
