"use client";

import { useFormatter } from "next-intl";
import { useEffect, useState } from "react";
import styles from "./relative-time.module.css";

const day = 24 * 3600 * 1000;
const refresh = 30_000;

/**
 * Shows a time as "3 h ago" within 24 h, else as a date; with zone and second on hover or focus. `now` is the time of
 * rendering on the server, so that both sides render the same.
 */
export function RelativeTime({ at, now: written }: { at: string; now: number }) {
  const format = useFormatter();
  const [now, setNow] = useState(written);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), refresh);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  // The database's clock may be slightly ahead of ours, and no event lies in the future.
  const seen = Math.max(now, written, date.getTime());
  return (
    <time className={styles.moment} dateTime={at}>
      {seen - date.getTime() < day
        ? format.relativeTime(date, { now: seen, style: "short" })
        : format.dateTime(date, "minute")}
      <span className={styles.absolute}>{format.dateTime(date, "second")}</span>
    </time>
  );
}
