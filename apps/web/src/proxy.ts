import { frontendHost } from "@smarteros/identity";
import { type NextFetchEvent, type NextMiddleware, type NextRequest, NextResponse } from "next/server";
import { services } from "./app-context.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { development } from "./env.ts";
import { tooManyPages } from "./http/too-many-pages.ts";
import { localeCookie } from "./i18n/locales.ts";
import { localeOf } from "./i18n/user-preferences.ts";

// The API verifies tokens itself, at a tenth of the cost; nothing here guards it.
export const config = { matcher: ["/((?!api/|_next/).*)"] };

let clerk: NextMiddleware | undefined;

/**
 * Sets the content security policy of every page and, with Clerk, refreshes the session cookie. A user over the limit of
 * pages gets a short page instead.
 */
export async function proxy(request: NextRequest, event: NextFetchEvent) {
  const tooMany = await refusalOf(request);
  if (tooMany) return tooMany;
  const identity = services()?.settings.identity;
  if (identity?.kind !== "clerk") return withPolicy(request);
  if (!clerk) {
    const { clerkMiddleware } = await import("@clerk/nextjs/server");
    const { publishableKey } = identity;
    // CLERK_SECRET_KEY is read by Clerk itself: handed over here, it would ask for one more key to encrypt it with.
    clerk = clerkMiddleware((_auth, page) => withPolicy(page, publishableKey), {
      publishableKey,
      ...("pem" in identity.key ? { jwtKey: identity.key.pem } : {}),
      authorizedParties: identity.origins,
      signInUrl: "/sign-in",
    });
  }
  return goOn(request, await clerk(request, event));
}

/**
 * Clerk continues a request by a rewrite to the same address. Where `next start -H` names 127.0.0.1, Next takes that for
 * another server and calls itself without end: this turns it into a plain continuation with Clerk's headers.
 */
function goOn(request: NextRequest, response: Awaited<ReturnType<NextMiddleware>>) {
  if (response?.headers.get("x-middleware-rewrite") === request.url) {
    response.headers.delete("x-middleware-rewrite");
    response.headers.set("x-middleware-next", "1");
  }
  return response;
}

/** Returns the response for a user whose pages read too much; reads are counted where pages make them. */
async function refusalOf(request: NextRequest): Promise<Response | undefined> {
  const available = services();
  const token = request.cookies.get("__session")?.value;
  if (!available || !token) return undefined;
  const session = await available.verify(token).catch(() => undefined);
  const state = session && (await available.limits.pages.peek(session.principal.userId));
  if (!state || state.allowed) return undefined;
  const locale = localeOf(request.cookies.get(localeCookie)?.value, request.headers.get("accept-language"));
  return tooManyPages(locale, state.resetMs);
}

function withPolicy(request: NextRequest, publishableKey?: string) {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const policy = contentSecurityPolicy(nonce, {
    clerkHost: publishableKey && frontendHost(publishableKey),
    development,
  });
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}
