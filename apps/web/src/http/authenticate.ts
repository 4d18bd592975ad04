import { rateLimited, SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { redactText } from "@smarteros/observability";
import type { Services } from "../app-context.ts";
import { clientAddress } from "./client-address.ts";
import { sessionTokenOf } from "./credential.ts";
import type { RequestContext } from "./request-context.ts";

/** What authentication needs of the app's services. */
export type AuthenticationServices = Pick<Services, "limiter" | "logger" | "refusals" | "verify"> & {
  settings: { identity: { origins: string[] }; trustedProxyHops: number };
  limits: Pick<Services["limits"], "refusals">;
};

/**
 * Authenticates the caller. Throws the error of the credential, and `rate_limited` for an address with too many
 * refusals, whose further requests are not logged.
 */
export async function authenticate(
  context: RequestContext,
  services: AuthenticationServices,
): Promise<Session> {
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

/** Returns the reason of a refusal: the message that the caller reads, and the cause, which is for the log only. */
function reasonOf({ message, cause }: SmarterosError) {
  return { reason: message, ...(cause instanceof Error ? { cause: redactText(cause.message) } : {}) };
}

/** Authenticates the caller of a public description; undefined for an anonymous one. */
export async function identify(
  context: RequestContext,
  services: Pick<AuthenticationServices, "settings" | "verify">,
): Promise<Session | undefined> {
  const { headers } = context.request;
  if (!headers.has("authorization") && !headers.has("cookie")) return undefined;
  try {
    return await services.verify(sessionTokenOf(headers, services.settings.identity.origins));
  } catch (refusal) {
    if (SmarterosError.isInstance(refusal) && refusal.code !== "unavailable") return undefined;
    throw refusal;
  }
}
