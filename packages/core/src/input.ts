import type * as z from "zod";
import { type InputIssue, SmarterosError } from "./errors.ts";

/** Parses arguments. Throws `invalid_input` with one issue per field; an unknown key counts as a field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, args: unknown): z.output<Schema> {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).flatMap(explain);
  const [first] = issues;
  const where = first?.path ? `${first.path}: ` : "";
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more, see issues)` : "";
  throw new SmarterosError(
    "invalid_input",
    `${where}${first?.message ?? "The arguments do not fit."}${more}`,
    { issues },
  );
}

function explain(issue: z.core.$ZodIssue): InputIssue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, 20).map((key) => ({
      path: [...issue.path, key.slice(0, 64)].join("."),
      message: "Unknown key. Leave it out or correct its name.",
    }));
  }
  return [{ path: issue.path.join("."), message: issue.message }];
}
