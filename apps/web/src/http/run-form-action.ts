import type { SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import type { Services } from "../app-context.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Runs the change of a form through the pipeline: authorized, limited and recorded. Resolves to an error that the form
 * can show at a field; throws any other.
 */
export async function runFormAction(
  context: RequestContext,
  services: Services,
  session: Session,
  change: { name: string; args: unknown },
): Promise<SmarterosError | undefined> {
  const { formPorts, audit } = services.forUser(session);
  const outcome = await services.changes.invoke({
    ...change,
    principal: session.principal,
    ports: formPorts,
    audit,
    transport: "http",
    requestId: context.requestId,
    signal: context.request.signal,
  });
  context.limit = outcome.meta.limit ?? context.limit;
  if (outcome.ok) return undefined;
  const { error } = outcome;
  if (error.details.issues || error.code === "not_found" || error.code === "conflict") return error;
  throw error;
}
