import type { Path } from "./path.ts";

/** The kinds of problem; each is a key of `jsonForm.problem` in the messages. */
export const problemCodes = [
  "required",
  "type",
  "choice",
  "format",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "unknownKey",
  "extraItem",
  "keyName",
  "ambiguous",
  "custom",
  "other",
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** One thing that is wrong with the arguments, by their schema. */
export type ArgumentProblem = {
  /** The place, as the server's issues write it: `services.crm`, empty for the whole. */
  path: string;
  /** The same place, exactly. */
  at: Path;
  code: ProblemCode;
  params: {
    /** Of `type`: the JSON Schema types that are accepted. */
    expected?: string[];
    /** Of bounds. */
    limit?: number;
    /** Of `choice`. */
    values?: unknown[];
    /** Of `format`: its name by JSON Schema. */
    format?: string;
    /** Of `unknownKey` and `keyName`. */
    key?: string;
    /** Of `custom`: the code that a `TextCheck` returned. */
    custom?: string;
  };
};
