import "@fontsource/ibm-plex-sans/latin-400.css";
import "@fontsource/ibm-plex-sans/latin-600.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { services } from "../services.ts";

export const metadata: Metadata = {
  title: { default: "SmarterOS MCP", template: "%s · SmarterOS MCP" },
  description: "Panel de control de los servicios de cada empresa.",
};
export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="es-CL">
      <body>
        <Identity>{children}</Identity>
      </body>
    </html>
  );
}

// Clerk's code is reached only where Clerk is configured, and gets its key at run time: one build serves every deployment.
async function Identity({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const identity = services()?.settings.identity;
  if (identity?.kind !== "clerk") return children;
  const { ClerkProvider } = await import("@clerk/nextjs");
  return (
    <ClerkProvider
      publishableKey={identity.publishableKey}
      nonce={nonce}
      signInUrl="/sign-in"
      signInFallbackRedirectUrl="/dashboard"
      afterSignOutUrl="/"
    >
      {children}
    </ClerkProvider>
  );
}
