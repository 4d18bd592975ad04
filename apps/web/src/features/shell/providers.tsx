"use client";

import { MantineProvider } from "@mantine/core";
import { setPreference } from "@smarteros/ui/preference.ts";
import { useRouter } from "next/navigation";
import { useTimeZone } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { timeZoneCookie } from "../../i18n/locales.ts";
import { theme, variables } from "./theme.ts";

/** Provides Mantine's theme to every page, with styles that our content security policy permits. */
export function Providers({ nonce: given, children }: { nonce: string | undefined; children: ReactNode }) {
  // The document's policy remains while pages are fetched again, each with another nonce.
  const [nonce] = useState(given);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce ?? ""}
    >
      <UserTimeZone />
      {children}
    </MantineProvider>
  );
}

/** Sends the user's time zone to the server once: dates are rendered there and must be the same on both sides. */
function UserTimeZone() {
  const router = useRouter();
  const used = useTimeZone();
  useEffect(() => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    if (!timeZone || timeZone === used) return;
    setPreference(timeZoneCookie, timeZone);
    router.refresh();
  }, [router, used]);
  return null;
}
