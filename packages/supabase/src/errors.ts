import { SmarterosError } from "@smarteros/core";

/** An error of PostgREST or its client. */
export type DatabaseError = { code?: string; message: string; details?: string | null; hint?: string | null };

/**
 * Returns whether the gateway before PostgREST refused the API key: a 401 with a message only ("Invalid API key",
 * "Unregistered API key"), where PostgREST and the database give a code. The key is this deployment's, so the caller is not
 * at fault.
 */
export function isKeyRefused({ code }: Partial<DatabaseError>, status: number): boolean {
  return status === 401 && !/^(?:PGRST|[0-9A-Z]{5}$)/.test(code ?? "");
}

/**
 * Converts a database's error to a `SmarterosError`, by SQLSTATE (PostgreSQL, appendix A) and PostgREST's own codes. Any
 * other error is returned as a plain error, which the pipeline reports as `internal`. Adapters handle the codes that they
 * know before they call this.
 */
export function databaseError(error: DatabaseError, status: number): Error {
  const cause = new Error(`database: ${error.code || status} ${error.message}`);
  if (isKeyRefused(error, status)) {
    return new SmarterosError(
      "unavailable",
      "Supabase refuses this deployment's API key. Its operator can run npm run doctor.",
      { service: "supabase" },
      { cause },
    );
  }
  switch (error.code) {
    case "42501":
      return new SmarterosError(
        "forbidden",
        "The database refuses this to your role. Ask an administrator.",
        {},
        { cause },
      );
    case "PGRST301":
    case "PGRST302":
    case "PGRST303":
      return new SmarterosError(
        "unauthorized",
        "The database does not accept the session token. Sign in again.",
        {},
        { cause },
      );
    case "57014":
      return new SmarterosError(
        "deadline_exceeded",
        "The database took too long. Ask for less, or try again.",
        {},
        { cause },
      );
  }
  // The client reports a request without a response as status 0; 08 is the class of connection errors, 53 of exhaustion.
  if (
    status === 0 ||
    status === 502 ||
    status === 503 ||
    status === 504 ||
    /^(08|53|57P|PGRST00)/.test(error.code ?? "")
  ) {
    return new SmarterosError(
      "unavailable",
      "The database does not answer. Try again in a moment.",
      { service: "supabase" },
      { cause },
    );
  }
  return cause;
}
