import type { HealthTimeline } from "@smarteros/observability";
import { useTranslations } from "next-intl";
import { Moment } from "../tenants/moment.tsx";
import styles from "./health-page.module.css";
import { StateBadge } from "./state-badge.tsx";

/** Longer than any pass that the documents suggest. */
const silenceMs = 15 * 60_000;

/** In one line what is wrong now; and that the monitor says nothing any more, for then nobody knows. */
export function Summary({ timeline: { services }, now }: { timeline: HealthTimeline; now: number }) {
  const t = useTranslations("healthPage");
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
          {t("silent")} <Moment at={latest} now={now} />
        </p>
      )}
      <p className={styles.summary}>
        <StateBadge state={worst ?? "ok"} /> {worst ? named.join(", ") : t("allWell")}
      </p>
    </>
  );
}
