import { type NextFetchEvent, type NextMiddleware, type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { development, frontendHost } from "./env.ts";
import { services } from "./services.ts";

// The API verifies tokens itself, at a tenth of the cost; nothing here guards it.
export const config = { matcher: ["/((?!api/|_next/|favicon.ico|.*\\.(?:svg|png|ico|txt)$).*)"] };

let clerk: NextMiddleware | undefined;

/** Gives every page its content security policy and, with Clerk, keeps the session cookie fresh. */
export async function proxy(request: NextRequest, event: NextFetchEvent) {
  const identity = services()?.settings.identity;
  if (identity?.kind !== "clerk") return withPolicy(request);
  if (!clerk) {
    const { clerkMiddleware } = await import("@clerk/nextjs/server");
    const { publishableKey, secretKey } = identity;
    clerk = clerkMiddleware((_auth, page) => withPolicy(page, publishableKey), {
      publishableKey,
      secretKey,
      ...("pem" in identity.key ? { jwtKey: identity.key.pem } : {}),
      authorizedParties: identity.origins,
      signInUrl: "/sign-in",
    });
  }
  return clerk(request, event);
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
