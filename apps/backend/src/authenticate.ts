import { type Capability, SmarterosError } from "@smarteros/core";
import { type AssertionKey, verifyAssertion } from "@smarteros/tools-fastapi/assertion";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { principalOf, type RequestContext } from "./request-context.ts";

/** Authenticates by the signed assertion only: cookies, session tokens and X-User-ID have no effect. */
export function authenticate(key: AssertionKey) {
  return createMiddleware<RequestContext>(async (context, next) => {
    const assertion = /^Bearer ([\w.-]+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    if (!assertion) {
      throw new SmarterosError(
        "unauthorized",
        "This needs `Authorization: Bearer` with an assertion that is signed with FASTAPI_SECRET.",
      );
    }
    const principal = await verifyAssertion(assertion, key);
    context.set("principal", principal);
    requireCapability(context, "read");
    await next();
  });
}

/** Throws `forbidden` when the request's assertion does not grant the capability. */
export function requireCapability(context: Context<RequestContext>, required: Capability): void {
  if (principalOf(context).capabilities.has(required)) return;
  throw new SmarterosError("forbidden", `This needs the capability "${required}".`, { required });
}
