import type { SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import type { Services } from "../app-context.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Runs what a form asks for by the rules of every call: who may, how often, and a record of it. Resolves to what is wrong
 * with a field, for the form to say, and throws what any door would answer.
 */
export async function runChange(
  context: RequestContext,
  services: Services,
  session: Session,
  change: { name: string; args: unknown },
): Promise<SmarterosError | undefined> {
  const outcome = await services.changes.invoke({
    ...change,
    principal: session.principal,
    ports: services.changePorts(session),
    audit: services.audit(session),
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
