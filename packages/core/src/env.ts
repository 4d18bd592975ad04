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
      const name = issue.path[0]?.toString();
      if (name === undefined) return issue.message;
      if (name in given) return `${name} is not valid: ${issue.message}`;
      if (environment[name]) return `${name} is missing: its value is blank`;
      return `${name} is missing${issue.code === "custom" ? `: ${issue.message}` : ""}`;
    }),
  };
}

type Comparison = Iterable<{ path: string[]; message: string }>;

/**
 * Checks settings against each other, in an object's schema. Runs also where one of them is invalid, so that all problems
 * are reported together: the invalid one is then absent, and not reported twice.
 */
export function comparing<Env extends object>(problemsOf: (env: Env) => Comparison) {
  return z.superRefine<Env>(
    (env, context) => {
      const wrong = new Set(context.issues.map(({ path }) => path?.[0]));
      const right = Object.entries(env).filter(([name]) => !wrong.has(name));
      for (const { path, message } of problemsOf(Object.fromEntries(right) as Env)) {
        if (!wrong.has(path[0])) context.addIssue({ code: "custom", path, message, input: undefined });
      }
    },
    { when: () => true },
  );
}

/** Parses a switch that only the text `true` turns on, so that a misspelling never enables anything. */
export const onlyTrue = z
  .string()
  .optional()
  .transform((value) => value?.trim() === "true");

/**
 * Finds the folder for state of a user's programs (XDG Base Directory Specification, which says to ignore a path that is
 * not absolute); undefined where the environment names none.
 */
export function stateDirectory(env: {
  XDG_STATE_HOME?: string | undefined;
  HOME?: string | undefined;
}): string | undefined {
  if (env.XDG_STATE_HOME?.startsWith("/")) return `${env.XDG_STATE_HOME.replace(/\/+$/, "")}/smarteros`;
  if (env.HOME?.startsWith("/")) return `${env.HOME.replace(/\/+$/, "")}/.local/state/smarteros`;
  return undefined;
}

const absolutePath = z.string().startsWith("/", "must be an absolute path");
const sizeInMegabytes = z.coerce.number().int().min(1).max(100_000);

/** The settings of the audit log's disk buffer, for the schema of a long-lived app's environment. */
export const auditBufferSettings = {
  AUDIT_BUFFER_DIR: absolutePath.optional(),
  AUDIT_BUFFER_MAX_MB: sizeInMegabytes.optional(),
  // The former names of the two.
  AUDIT_SPOOL_DIR: absolutePath.optional(),
  AUDIT_SPOOL_MAX_MB: sizeInMegabytes.optional(),
  XDG_STATE_HOME: z.string().optional(),
  HOME: z.string().optional(),
};

/** Reads from those settings where the disk buffer is, in bytes how large; undefined where there is no place for it. */
export function auditBufferOf(env: {
  AUDIT_BUFFER_DIR?: string | undefined;
  AUDIT_BUFFER_MAX_MB?: number | undefined;
  AUDIT_SPOOL_DIR?: string | undefined;
  AUDIT_SPOOL_MAX_MB?: number | undefined;
  XDG_STATE_HOME?: string | undefined;
  HOME?: string | undefined;
}): { directory: string; maximumBytes: number } | undefined {
  const directory = env.AUDIT_BUFFER_DIR ?? env.AUDIT_SPOOL_DIR ?? stateDirectory(env);
  const megabytes = env.AUDIT_BUFFER_MAX_MB ?? env.AUDIT_SPOOL_MAX_MB ?? 256;
  return directory === undefined ? undefined : { directory, maximumBytes: megabytes * 1_048_576 };
}
