import { rateLimited, SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { redactText } from "@smarteros/observability";
import type { Services } from "../app-context.ts";
import { clientAddress } from "./client-address.ts";
import { sessionTokenOf } from "./credential.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Finds out who calls. Throws what the credential deserves; an address that keeps coming without a principal is told
 * to wait, and its further calls are not even logged.
 */
export async function authenticate(context: RequestContext, services: Services): Promise<Session> {
  const { headers } = context.request;
  try {
    const session = await services.verify(sessionTokenOf(headers, services.settings.identity.origins));
    context.limit = await services.limiter.peek(session.principal.userId);
    return session;
  } catch (refusal) {
    if (!SmarterosError.isInstance(refusal) || refusal.code === "unavailable") throw refusal;
    const state = await services.limits.refusals.consume(
      clientAddress(headers, services.settings.trustedProxyHops),
    );
    if (!state.allowed) throw rateLimited(state);
    services.refusals.add(1, { "error.type": refusal.code });
    services.logger.error("MCP_REFUSED", {
      code: refusal.code,
      requestId: context.requestId,
      ...reasonOf(refusal),
    });
    throw refusal;
  }
}

/** Why a credential was refused: what the caller reads, and what only the log may hold of the token's claims. */
function reasonOf({ message, cause }: SmarterosError) {
  return { reason: message, ...(cause instanceof Error ? { cause: redactText(cause.message) } : {}) };
}

/** Who calls, or undefined for no one: for descriptions, which anyone may read. */
export async function identify(context: RequestContext, services: Services): Promise<Session | undefined> {
  const { headers } = context.request;
  if (!headers.has("authorization") && !headers.has("cookie")) return undefined;
  try {
    return await services.verify(sessionTokenOf(headers, services.settings.identity.origins));
  } catch (refusal) {
    if (SmarterosError.isInstance(refusal) && refusal.code !== "unavailable") return undefined;
    throw refusal;
  }
}
