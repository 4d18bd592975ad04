import type { Alerts } from "@smarteros/alerts";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { Status, type StatusKind } from "@smarteros/ui/status.tsx";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./alerts.module.css";
import { Pages } from "./pages.tsx";

type Delivery = Alerts["deliveries"]["items"][number];

const states: Record<string, StatusKind> = { delivered: "ok", failed: "down", pending: "pending" };
const kinds = ["opened", "changed", "reminder", "resolved", "gap", "test"] as const;

/** Lists deliveries: the notification, its target and the outcome. */
export function DeliveryList({
  deliveries: { items: deliveries, next },
  isFirst,
  now,
}: {
  deliveries: Alerts["deliveries"];
  isFirst: boolean;
  now: number;
}) {
  const t = useTranslations("alerts");
  return (
    <section id="deliveries" className={styles.section} aria-label={t("deliveries")}>
      <h2>{t("deliveries")}</h2>
      {deliveries.length === 0 && <p className={page.count}>{t("noDeliveries")}</p>}
      {deliveries.length > 0 && (
        <ul className={styles.list}>
          {deliveries.map((delivery) => (
            <li key={delivery.id}>
              <DeliveryLine delivery={delivery} now={now} />
            </li>
          ))}
        </ul>
      )}
      <Pages list="deliveries" isFirst={isFirst} next={next} />
    </section>
  );
}

function DeliveryLine({ delivery, now }: { delivery: Delivery; now: number }) {
  const t = useTranslations("alerts");
  const format = useFormatter();
  const { state, attempts, last_error, created_at, next_attempt_at, payload, target } = delivery;
  const kind = kinds.find((name) => name === delivery.kind) ?? "test";
  const known = state === "delivered" || state === "failed" ? state : "pending";
  const isRetried = known === "pending" && last_error !== null;
  return (
    <div className={styles.line}>
      <Status kind={states[known] ?? "pending"}>{t(`deliveryIs.${known}`)}</Status>
      <span>{t(`told.${kind}`)}</span>
      {kind !== "test" && (
        <code>
          <Name>{groupOf(payload)}</Name>
        </code>
      )}
      <strong>
        <Name>{target.name}</Name>
      </strong>
      <RelativeTime at={created_at} now={now} />
      {attempts > 1 && <span>{t("attempts", { count: format.number(attempts) })}</span>}
      {last_error !== null && known !== "delivered" && (
        <code>
          <Name>{last_error}</Name>
        </code>
      )}
      {isRetried && (
        <span>{t("nextAttempt", { at: format.dateTime(new Date(next_attempt_at), "minute") })}</span>
      )}
    </div>
  );
}

function groupOf(payload: unknown): string {
  return typeof payload === "object" && payload !== null && "group" in payload ? String(payload.group) : "";
}
