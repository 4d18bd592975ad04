import type { Service, Step } from "@smarteros/tools-fastapi/provisioning-log";
import { clock } from "@smarteros/ui/format-duration.ts";
import { useTranslations } from "next-intl";
import styles from "./provisioning.module.css";

type Props = {
  of: Pick<Service | Step, "state" | "attempts" | "next_attempt_at" | "updated_at">;
  now: number;
};

/** Shows how long a step has been running, how long until its next attempt, or how many attempts failed. */
export function Timing({ of, now }: Props) {
  const t = useTranslations("provisioning.timing");
  const { state, attempts, next_attempt_at: next, updated_at: since } = of;
  const attempt = attempts > 1 && <> · {t("attempt", { attempt: attempts })}</>;
  if (state === "running")
    return (
      <span className={styles.number}>
        {t("running", { time: clock(now - Date.parse(since)) })}
        {attempt}
      </span>
    );
  if (state === "failed" && attempts > 1)
    return <span className={styles.number}>{t("attempts", { count: attempts })}</span>;
  if (state !== "waiting") return null;
  const left = next ? Date.parse(next) - now : 0;
  return (
    <span className={styles.number}>
      {left > 0 ? t("next", { time: clock(left) }) : t("nextSoon")} ·{" "}
      {t("attempt", { attempt: attempts + 1 })}
    </span>
  );
}
