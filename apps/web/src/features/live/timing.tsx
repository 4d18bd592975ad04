import { clock } from "@smarteros/ui/format-duration.ts";
import { useTranslations } from "next-intl";
import styles from "./provisioning.module.css";
import type { Service, Step } from "./rows.ts";

type Props = {
  of: Pick<Service | Step, "state" | "attempts" | "next_attempt_at" | "updated_at">;
  now: number;
};

/** How long something has been under way, how long until it is tried again, or how often it was tried in vain. */
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
