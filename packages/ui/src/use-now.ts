import { useEffect, useState } from "react";

/** The time, second by second while something depends on it; first what it was when the page was written. */
export function useNow(written: number, ticking: boolean): number {
  const [now, setNow] = useState(written);
  useEffect(() => {
    setNow(Date.now());
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
