"use client";

import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { CallLimit } from "../calls/call-tool.ts";
import styles from "./console.module.css";
import { useLastEnded } from "./runs-provider.tsx";

const Context = createContext<CallLimit | undefined>(undefined);

/** Keeps what is left of the rate limit, as the last answer told it. */
export function LimitProvider({ initial, children }: { initial: CallLimit; children: ReactNode }) {
  const ended = useLastEnded();
  return <Context.Provider value={ended?.outcome?.limit ?? initial}>{children}</Context.Provider>;
}

/** How many calls are left in this minute; all of them once the window has passed. */
export function LimitLine() {
  const t = useTranslations("console");
  const limit = useContext(Context);
  const resetsAt = limit?.resetsAt ?? 0;
  const passed = useSecondsUntil(resetsAt) === 0;
  if (!limit) return null;
  const remaining = passed ? limit.limit : limit.remaining;
  return (
    <span className={styles.limit} data-low={remaining <= 3 ? "" : undefined}>
      {t("limit", { remaining, limit: limit.limit })}
    </span>
  );
}

/** Whole seconds until a moment of the wall clock (milliseconds), counted down to 0. */
export function useSecondsUntil(moment: number): number {
  const [seconds, setSeconds] = useState(() => secondsUntil(moment));
  useEffect(() => {
    setSeconds(secondsUntil(moment));
    const timer = setInterval(() => {
      const left = secondsUntil(moment);
      setSeconds(left);
      if (left === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [moment]);
  return seconds;
}

const secondsUntil = (moment: number) => Math.max(0, Math.ceil((moment - Date.now()) / 1000));
