"use client";

import { useMounted } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext } from "react";
import type { CallLimit } from "../../tool-client/call-tool.ts";
import { useSecondsUntil } from "../../tool-client/use-seconds-until.ts";
import styles from "./console.module.css";
import { useLastEnded } from "./runs-provider.tsx";

const Context = createContext<CallLimit | undefined>(undefined);

/** Stores the state of the rate limit, as the last response had it. */
export function LimitProvider({ initial, children }: { initial: CallLimit; children: ReactNode }) {
  const ended = useLastEnded();
  return <Context.Provider value={ended?.outcome?.limit ?? initial}>{children}</Context.Provider>;
}

/** Shows how many calls are left in this minute; all of them once the window is over. */
export function LimitLine() {
  const t = useTranslations("console");
  const limit = useContext(Context);
  const resetsAt = limit?.resetsAt ?? 0;
  // The server rendered the page earlier, so only the browser may show a time.
  const mounted = useMounted();
  const passed = useSecondsUntil(resetsAt) === 0 && mounted;
  if (!limit) return null;
  const remaining = passed ? limit.limit : limit.remaining;
  return (
    <span className={styles.limit} data-low={remaining <= 3 ? "" : undefined}>
      {t("limit", { remaining, limit: limit.limit })}
    </span>
  );
}
