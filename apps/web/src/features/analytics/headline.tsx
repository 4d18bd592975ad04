import type { CallQuestion, CallSummary } from "@smarteros/observability";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { auditOf } from "./audit-of.ts";
import { errorRate } from "./timeline.ts";
import { useUnits } from "./units.ts";

/** The figures of the whole time, each beside the time before. */
export function Headline({
  summary: { total, before },
  question,
}: {
  summary: CallSummary;
  question: CallQuestion;
}) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { milliseconds, percent } = useUnits();
  // Counts of a longer or shorter range are scaled to the length of this one.
  const asLong = before ? lengthOf(question) / lengthOf(before) : 1;
  const figures = [
    { name: "p50", text: milliseconds(total.p50), now: total.p50, earlier: before?.p50 },
    { name: "p95", text: milliseconds(total.p95), now: total.p95, earlier: before?.p95 },
    { name: "p99", text: milliseconds(total.p99), now: total.p99, earlier: before?.p99 },
    {
      name: t("errorRate"),
      text: percent(errorRate(total)),
      now: errorRate(total),
      earlier: before && errorRate(before),
      status: "error",
    },
    {
      name: t("calls"),
      text: format.number(total.calls),
      now: total.calls,
      earlier: before && before.calls * asLong,
      status: "",
    },
    {
      name: t("limited"),
      text: format.number(total.limited),
      now: total.limited,
      earlier: before && before.limited * asLong,
      status: "rate_limited",
    },
  ];
  return (
    <dl className={styles.headline}>
      {figures.map(({ name, text, now, earlier, status }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {status === undefined ? (
              <strong>{text}</strong>
            ) : (
              <Link href={auditOf(question, { status })} prefetch={false}>
                <strong>{text}</strong>
              </Link>
            )}
            <Change now={now} earlier={earlier} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const lengthOf = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from);

/** Shows the change of a figure against the range before; empty without one. */
function Change({ now, earlier }: { now: number | null; earlier: number | null | undefined }) {
  const t = useTranslations("analytics");
  const { percent } = useUnits();
  if (now === null || !earlier) return null;
  const change = now / earlier - 1;
  if (Math.abs(change) < 0.005) return <span className={styles.change}>{t("same")}</span>;
  const text = percent(Math.abs(change));
  return (
    <span className={styles.change}>
      <span aria-hidden>
        {change > 0 ? "▲" : "▼"} {text}
      </span>
      <span className="visually-hidden">{t(change > 0 ? "more" : "less", { share: text })}</span>
    </span>
  );
}
