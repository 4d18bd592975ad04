import type { CallQuestion } from "@smarteros/observability";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { Chart } from "./chart.tsx";
import { niceMaximum, type TimeBucket } from "./timeline.ts";
import { useUnits } from "./units.ts";

const quantiles = ["p50", "p95", "p99"] as const;
// Fewer calls make a dot: a line through them would show more than is known.
const enough = 20;

/** Charts three latencies over time, with gaps where there were no calls. */
export function LatencyChart({ question, timeline }: { question: CallQuestion; timeline: TimeBucket[] }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { milliseconds } = useUnits();
  const top = niceMaximum(Math.max(...timeline.map(({ figures }) => figures?.p99 ?? 0)));
  return (
    <Chart
      title={t("latencyOverTime")}
      top={milliseconds(top)}
      question={question}
      timeline={timeline}
      columns={[...quantiles, t("calls")]}
      cellsOf={({ figures }) => [
        ...quantiles.map((quantile) => milliseconds(figures?.[quantile])),
        format.number(figures?.calls ?? 0),
      ]}
      legend={
        <ul className={styles.legend}>
          {quantiles.map((quantile) => (
            <li key={quantile}>
              <svg viewBox="0 0 24 4" aria-hidden>
                <path className={styles.line} data-quantile={quantile} d="M0 2H24" />
              </svg>
              {quantile}
            </li>
          ))}
        </ul>
      }
    >
      <svg
        className={styles.drawing}
        viewBox={`0 0 ${timeline.length * 10} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("latencyOverTime")}
      >
        {quantiles.map((quantile) => (
          <path
            key={quantile}
            className={styles.line}
            data-quantile={quantile}
            d={pathOf(timeline, (figures) => 100 - ((figures[quantile] ?? 0) / top) * 100)}
          />
        ))}
      </svg>
    </Chart>
  );
}

/** A path through the middle of each moment that has calls enough, and a dot for each that has few. */
function pathOf(
  timeline: TimeBucket[],
  heightOf: (figures: NonNullable<TimeBucket["figures"]>) => number,
): string {
  let isDrawing = false;
  return timeline
    .map(({ figures }, index) => {
      const wasDrawing = isDrawing;
      isDrawing = figures !== undefined && figures.calls >= enough;
      if (!figures || figures.calls === 0) return "";
      const point = `${index * 10 + 5} ${heightOf(figures).toFixed(1)}`;
      if (!isDrawing) return `M${point}h0.01`;
      return wasDrawing ? `L${point}` : `M${point}h0.01`;
    })
    .join("");
}
