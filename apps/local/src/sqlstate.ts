// The SQLSTATEs that `@supabase/lite` maps correctly; it turns most others into 500 "SUP".
const handled = /^(?:42501$|42703$|PT|PGRST)/;

// PostgREST 17, src/library/PostgREST/Error.hs: mapSQLtoHTTP.
const statuses: [RegExp, number][] = [
  [/^(?:23503|23505)/, 409],
  [/^(?:42883|42P01)/, 404],
  [/^(?:0L|0P|28)/, 403],
  [/^25006/, 405],
  [/^P0001/, 400],
  [/^(?:53400|42P17)/, 500],
  [/^(?:08|53|57P01)/, 503],
  [/^(?:09|21|25|2D|38|39|3B|40|54|55|57|58|F0|HV|P0|XX)/, 500],
];

type DatabaseError = { code?: unknown; message?: unknown; detail?: unknown; hint?: unknown };

/**
 * Wraps a database error so that the caller receives its SQLSTATE and PostgREST's status for it. The result is what
 * `raise sqlstate 'PGRST'` throws, the only error that controls its response.
 */
export function withSqlState(error: unknown): unknown {
  const { code, message, detail, hint } = (error ?? {}) as DatabaseError;
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || handled.test(code)) return error;
  const status = statuses.find(([pattern]) => pattern.test(code))?.[1] ?? 400;
  return {
    code: "PGRST",
    message: JSON.stringify({ code, message: String(message), details: detail ?? null, hint: hint ?? null }),
    detail: JSON.stringify({ status, headers: {} }),
  };
}
