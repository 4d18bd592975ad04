import type * as z from "zod";
import { type InputIssue, SmarterosError } from "./errors.ts";
import { received, unknownKey, wanted } from "./wanted.ts";

/**
 * Parses arguments. Throws `invalid_input` with one issue per field; an unknown key counts as a field. Where the schema has no
 * words of its own for a fault, they come from the listed JSON Schema.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  args: unknown,
  listed: () => object = () => ({}),
): z.output<Schema> {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).flatMap((issue) => explain(issue, args, listed()));
  const [first] = issues;
  const where = first?.path ? `${first.path}: ` : "";
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more, see issues)` : "";
  throw new SmarterosError(
    "invalid_input",
    `${where}${first?.message ?? "The arguments do not fit."}${more}`,
    { issues },
  );
}

function explain(issue: z.core.$ZodIssue, args: unknown, listed: object): InputIssue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, 20).map((key) => ({
      path: [...issue.path, key.slice(0, 64)].join("."),
      message: unknownKey(key, listed, issue.path),
    }));
  }
  const want = isOwnWording(issue) ? undefined : wanted(listed, issue.path);
  const message = want
    ? `Send ${want}. Received: ${received(valueAt(args, issue.path), listed, issue.path)}.`
    : issue.message;
  return [{ path: issue.path.join("."), message }];
}

/** True where the message is the schema's own and not one of zod's. */
const isOwnWording = ({ code, message }: z.core.$ZodIssue): boolean =>
  code === "custom" || !/^(?:Invalid|Too (?:big|small)|Unrecognized)\b/.test(message);

function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    args,
  );
}
