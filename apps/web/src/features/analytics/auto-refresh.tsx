"use client";

import page from "@smarteros/ui/page.module.css";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import styles from "./analytics.module.css";

const everyMs = 30_000;

/** Shows when the page was rendered, and refreshes it every 30 s while it is visible and the switch is on. */
export function AutoRefresh({ at, now }: { at: string; now: number }) {
  const t = useTranslations("analytics");
  const router = useRouter();
  const [isOn, setIsOn] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => document.visibilityState === "visible" && router.refresh(), everyMs);
    return () => clearInterval(timer);
  }, [isOn, router]);
  return (
    <span className={styles.written}>
      <span>
        {t("written")} <RelativeTime key={at} at={at} now={now} />
      </span>
      <label className={page.checkbox}>
        <input type="checkbox" checked={isOn} onChange={(event) => setIsOn(event.target.checked)} />
        {t("refresh")}
      </label>
    </span>
  );
}
