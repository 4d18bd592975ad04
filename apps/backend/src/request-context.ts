import { SmarterosError, uuidv7 } from "@smarteros/core";
import type { AssertedPrincipal } from "@smarteros/tools-fastapi/assertion";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";

/** What is known of a request while it is served. */
export type RequestContext = { Variables: { requestId: string; principal?: AssertedPrincipal } };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Gives each request an id, the caller's own where it is a UUID, and says it in the answer. */
export const identifyRequest = createMiddleware<RequestContext>(async (context, next) => {
  const given = context.req.header("x-request-id") ?? "";
  const requestId = uuid.test(given) ? given.toLowerCase() : uuidv7();
  context.set("requestId", requestId);
  await next();
  context.header("X-Request-ID", requestId);
});

/** Whom the request's assertion speaks for. Throws `unauthorized` where none was verified. */
export function principalOf(context: Context<RequestContext>): AssertedPrincipal {
  const principal = context.get("principal");
  if (!principal) throw new SmarterosError("unauthorized", "This needs a signed assertion.");
  return principal;
}
