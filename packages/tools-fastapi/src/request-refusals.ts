import { type ErrorCode, type ErrorDetails, SmarterosError, statusOf } from "@smarteros/core";
import type { DatabaseError } from "@smarteros/supabase";

/** Makes the error of a tenant that does not exist or is another owner's. */
export const noSuchTenant = () =>
  new SmarterosError("not_found", "There is no such tenant among yours. List them to see which there are.");

/** Makes the error of a run that does not exist or is of another owner's tenant. */
export const noSuchRun = () =>
  new SmarterosError("not_found", "There is no such run among those of your tenants.");

/** Makes the error of a call of a workflow whose end is not known. */
export const mayHaveRun = (code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) =>
  new SmarterosError(
    code,
    "No response came. The workflow may have run: look at its executions in n8n before you trigger it again.",
    details,
    { cause },
  );

/** What the rules in SQL say, by the message of their P0001, to who requested services and runs. */
const conflicts: Record<string, (error: DatabaseError) => string> = {
  tenant_deleted: () => "The tenant is deleted. Restore it before provisioning.",
  tenant_active: () => "The tenant is active. Delete it before its services are removed.",
  grace_not_over: ({ details, hint }) =>
    `Services may be removed ${hint} days after the deletion: from ${details} on.`,
  services_held: ({ details }) =>
    `Held since the upgrade: ${details}. Adopt what the tenant has at the vendor (services.adopt), or ask for a new one with createNew.`,
  nothing_failed: () => "Nothing of this run failed, so nothing is to be tried.",
  run_cancelled: () => "This run was cancelled, so nothing of it is tried again. Start another one.",
  run_is_over: () => "This run is over: there is nothing to cancel.",
};

/**
 * Returns the error of a rule that a request breaks; undefined for any other error of the database. `words` are the request's
 * own in place of the usual ones.
 */
export function refusalOfRule(
  error: DatabaseError,
  words: Record<string, SmarterosError> = {},
): SmarterosError | undefined {
  if (error.code !== "P0001") return undefined;
  const own = words[error.message];
  if (own) return own;
  if (error.message === "too_many_requests") {
    const limit = Number(error.details);
    const message = `You have ${limit} requests open, which is as many as one user may have. Wait until some of them are over.`;
    return new SmarterosError("rate_limited", message, { limit }, { cause: error });
  }
  const say = conflicts[error.message];
  return say && new SmarterosError("conflict", say(error), {}, { cause: error });
}

/** Makes the error of a task that failed: its worker's own words where it has a code for callers, else `internal`. */
export function taskFailure(problem: { code: string; message?: string | undefined } | null): Error {
  const cause = new Error(`task: ${problem?.code ?? "no error"}`);
  if (problem?.code === "lease_ran_out")
    return new SmarterosError(
      "unavailable",
      "The worker stopped before it was done. Look whether it had an effect before you request it again.",
      {},
      { cause },
    );
  if (problem?.message === undefined || !isErrorCode(problem.code)) return cause;
  return new SmarterosError(problem.code, problem.message, {}, { cause });
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(statusOf, code);
