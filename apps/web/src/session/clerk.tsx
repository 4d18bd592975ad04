"use client";

import { ClerkProvider, SignIn, SignOutButton, useAuth } from "@clerk/nextjs";
import { type ReactNode, useCallback } from "react";
import { AuthorizationProvider } from "./authorization.tsx";

type Props = { publishableKey: string; nonce: string | undefined; children: ReactNode };

/** Clerk around a page, in the browser; the server verifies tokens itself. */
export function ClerkIdentity({ publishableKey, nonce, children }: Props) {
  return (
    <ClerkProvider
      publishableKey={publishableKey}
      {...(nonce ? { nonce } : {})}
      signInUrl="/sign-in"
      signInFallbackRedirectUrl="/dashboard"
      afterSignOutUrl="/"
    >
      <Bearer>{children}</Bearer>
    </ClerkProvider>
  );
}

/** Calls carry a session token that Clerk has renewed where it was about to expire. */
function Bearer({ children }: { children: ReactNode }) {
  const { getToken } = useAuth();
  const authorization = useCallback(async (): Promise<Record<string, string>> => {
    const token = await getToken();
    return token ? { Authorization: `Bearer ${token}` } : {};
  }, [getToken]);
  return <AuthorizationProvider value={authorization}>{children}</AuthorizationProvider>;
}

export function ClerkSignIn() {
  return <SignIn path="/sign-in" />;
}

export function ClerkSignOut({ label }: { label: string }) {
  return (
    <SignOutButton>
      <button className="plain" type="button">
        {label}
      </button>
    </SignOutButton>
  );
}
