import { SmarterosError, uuidv7 } from "@smarteros/core";
import type { AssertedPrincipal } from "@smarteros/tools-fastapi/assertion";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";

/** Variables of a request, set by middleware. */
export type RequestContext = { Variables: { requestId: string; principal?: AssertedPrincipal } };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Sets the request's id, taken from `X-Request-ID` when that is a UUID, and returns it in the response header. */
export const identifyRequest = createMiddleware<RequestContext>(async (context, next) => {
  const given = context.req.header("x-request-id") ?? "";
  const requestId = uuid.test(given) ? given.toLowerCase() : uuidv7();
  context.set("requestId", requestId);
  await next();
  context.header("X-Request-ID", requestId);
});

/** Returns the principal of the verified assertion. Throws `unauthorized` when there is none. */
export function principalOf(context: Context<RequestContext>): AssertedPrincipal {
  const principal = context.get("principal");
  if (!principal) throw new SmarterosError("unauthorized", "This needs a signed assertion.");
  return principal;
}
