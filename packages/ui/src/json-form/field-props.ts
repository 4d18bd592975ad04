import type { Path } from "./path.ts";
import type { Schema } from "./schema.ts";

/** The place of the arguments that a field shows and changes. */
export type FieldProps = {
  schema: Schema;
  path: Path;
  value: unknown;
  /** Name of the property, or words such as "elemento 2". */
  name: string;
  /** True where the name is a key of the schema or of the arguments, to be shown as code. */
  named: boolean;
  required: boolean;
  /** Takes the value away altogether; undefined where it has to stay, as in a list. */
  clear: (() => void) | undefined;
  /** True where the surroundings show the name already. */
  bare?: boolean;
};
