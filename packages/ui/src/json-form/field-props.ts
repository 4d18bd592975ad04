import type { Path } from "./path.ts";
import type { Schema } from "./schema.ts";

/** The place of the arguments that a field shows and changes. */
export type FieldProps = {
  schema: Schema;
  path: Path;
  value: unknown;
  /** Name of the property, or words such as "elemento 2". */
  name: string;
  /** Whether the name is a key of the schema or of the arguments, to be written as code. */
  named: boolean;
  required: boolean;
  /** Takes the value away altogether; undefined where it has to stay, as in a list. */
  clear: (() => void) | undefined;
  /** Whether what is around it says its name already. */
  bare?: boolean;
};
