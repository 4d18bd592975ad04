"use client";

import { useFormatter } from "next-intl";
import { useEffect, useState } from "react";
import styles from "./relative-time.module.css";

const day = 24 * 3600 * 1000;
const refresh = 30_000;

/**
 * When something was: how long ago where that is under 24 h, else the date; with zone and second where the row is pointed
 * at or focused. `now` is the moment at which the page was written, so that both sides write the same.
 */
export function Moment({ at, now: written }: { at: string; now: number }) {
  const format = useFormatter();
  const [now, setNow] = useState(written);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), refresh);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  // The database's clock may be a little ahead of ours, and nothing happened in the future.
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
