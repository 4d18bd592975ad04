import type { SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import type { Services } from "../app-context.ts";
import type { Exchange } from "./respond.ts";

/**
 * Runs what a form asks for by the rules of every call: who may, how often, and a record of it. Resolves to what is wrong
 * with a field, for the form to say, and throws what any door would answer.
 */
export async function runChange(
  exchange: Exchange,
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
    requestId: exchange.requestId,
    signal: exchange.request.signal,
  });
  exchange.limit = outcome.meta.limit ?? exchange.limit;
  if (outcome.ok) return undefined;
  const { error } = outcome;
  if (error.details.issues || error.code === "not_found" || error.code === "conflict") return error;
  throw error;
}
