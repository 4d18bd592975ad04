import * as z from "zod";

/** The settings that parsed, or every problem by name. A problem never shows a value: values may be secrets. */
export type Settings<Value> = { ok: true; value: Value } | { ok: false; problems: string[] };

/**
 * Parses an environment in one go. An empty variable counts as absent, as it does for people who write `NAME=` in a
 * settings file. The schema's own messages must not repeat values either.
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): Settings<z.output<Schema>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => {
      const name = issue.path.join(".");
      const missing = issue.path.length > 0 && !(name in given);
      return name ? `${name} ${missing ? "is missing" : `is not valid: ${issue.message}`}` : issue.message;
    }),
  };
}

/** A switch that only the word `true` turns on, so that a misspelling never opens anything. */
export const onlyTrue = z
  .string()
  .optional()
  .transform((value) => value?.trim() === "true");
