import type { HealthTimeline } from "@smarteros/observability";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { useTranslations } from "next-intl";
import styles from "./health-page.module.css";
import { StateBadge } from "./state-badge.tsx";
import { useFigures } from "./use-figures.ts";

/** Longer than any pass that the documents suggest. */
const silenceMs = 15 * 60_000;

/**
 * Shows in one line what is wrong now; before it, that the monitor is silent, and from which day on the figures are complete
 * while earlier days are still being counted.
 */
export function Summary({
  timeline: { services, countedFrom },
  now,
}: {
  timeline: HealthTimeline;
  now: number;
}) {
  const t = useTranslations("healthPage");
  const { moment } = useFigures();
  const latest = services
    .map(({ checkedAt }) => checkedAt)
    .toSorted()
    .at(-1);
  const worst = (["error", "degraded", "maintenance"] as const).find((state) =>
    services.some((service) => service.state === state),
  );
  const named = services.filter(({ state }) => state === worst).map(({ service }) => service);
  return (
    <>
      {latest && now - Date.parse(latest) > silenceMs && (
        <p className="notice" role="alert">
          {t("silent")} <RelativeTime at={latest} now={now} />
        </p>
      )}
      {countedFrom && (
        <p className="notice" role="status">
          {t("countedFrom", { day: moment(countedFrom, "day") })}
        </p>
      )}
      <p className={styles.summary}>
        <StateBadge state={worst ?? "ok"} /> {worst ? named.join(", ") : t("allWell")}
      </p>
    </>
  );
}
