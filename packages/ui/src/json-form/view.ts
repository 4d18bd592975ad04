import type { TextCheck } from "./check-arguments.ts";
import type { Complaint } from "./complaint.ts";
import type { CustomField } from "./custom-field.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import type { Schema } from "./schema.ts";

/** The props of both views of the arguments. */
export type ArgumentsViewProps = {
  schema: Schema;
  text: string;
  parsed: ParsedArguments;
  onChange: (text: string) => void;
  /** Issues of the server that still apply. */
  issues: Complaint[];
  fields: readonly CustomField[];
  checks: readonly TextCheck[];
  /** Words the codes of `checks` in the user's language. */
  customText: (code: string) => string;
  disabled: boolean;
  /** True once running was tried: from then on every field shows its problems. */
  tried: boolean;
  onRun: () => void;
};
