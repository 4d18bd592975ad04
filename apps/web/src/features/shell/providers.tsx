"use client";

import { MantineProvider } from "@mantine/core";
import { setPreference } from "@smarteros/ui/preference.ts";
import { useRouter } from "next/navigation";
import { useTimeZone } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { timeZoneCookie } from "../../i18n/locales.ts";
import { theme, variables } from "./theme.ts";

/** What every page stands on: Mantine's theme, with styles that our content security policy lets through. */
export function Providers({ nonce: given, children }: { nonce: string | undefined; children: ReactNode }) {
  // The policy of the document stands while its pages are fetched again, each with a nonce of its own.
  const [nonce] = useState(given);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce ?? ""}
    >
      <ViewersTimeZone />
      {children}
    </MantineProvider>
  );
}

/** Tells the server which zone the viewer is in, once: dates are written there, and must read the same on both sides. */
function ViewersTimeZone() {
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
