import type { TextCheck } from "./check-arguments.ts";
import type { Complaint } from "./complaint.ts";
import type { CustomField } from "./custom-field.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import type { Schema } from "./schema.ts";

/** What both views of the arguments are given. */
export type ArgumentsViewProps = {
  schema: Schema;
  text: string;
  parsed: ParsedArguments;
  onChange: (text: string) => void;
  /** Issues of the server that still stand. */
  issues: Complaint[];
  fields: readonly CustomField[];
  checks: readonly TextCheck[];
  /** Words the codes of `checks` in the user's language. */
  customText: (code: string) => string;
  disabled: boolean;
  /** Whether to run was tried: from then on every field says what is wrong with it. */
  tried: boolean;
  onRun: () => void;
};
