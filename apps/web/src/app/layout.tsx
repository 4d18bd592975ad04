import "@fontsource/ibm-plex-sans/latin-400.css";
import "@fontsource/ibm-plex-sans/latin-600.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "@mantine/core/styles.css";
import "./globals.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { services } from "../app-context.ts";
import { Providers } from "../features/shell/providers.tsx";
import { ClerkIdentity } from "../session/clerk-when-needed.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return {
    title: { default: "SmarterOS MCP", template: "%s · SmarterOS MCP" },
    description: t("description"),
  };
}
export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, fields] = await Promise.all([getLocale(), headers()]);
  const nonce = fields.get("x-nonce") ?? undefined;
  return (
    <html lang={locale} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript nonce={nonce} defaultColorScheme="auto" />
      </head>
      <body>
        <NextIntlClientProvider>
          <Providers nonce={nonce}>
            <Identity nonce={nonce}>{children}</Identity>
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}

/** The identity around a page. Keys reach the browser at run time, from here. */
function Identity({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const identity = services()?.settings.identity;
  if (identity?.kind !== "clerk") return children;
  return (
    <ClerkIdentity publishableKey={identity.publishableKey} nonce={nonce}>
      {children}
    </ClerkIdentity>
  );
}
