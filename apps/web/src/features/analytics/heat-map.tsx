import { type CallQuestion, type CallSummary, latencyBands } from "@smarteros/observability";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { Chart } from "./chart.tsx";
import type { Moment } from "./timeline.ts";
import { useUnits } from "./units.ts";

type Props = { question: CallQuestion; timeline: Moment[]; latencies: CallSummary["latencies"] };

/** How many calls of each moment took how long: the darker, the more. */
export function HeatMap({ question, timeline, latencies }: Props) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { milliseconds } = useUnits();
  const counts = new Map(latencies.map(([at, band, calls]) => [`${Date.parse(at)} ${band}`, calls]));
  const most = Math.max(1, ...counts.values());
  const bands = [...latencyBands, undefined].map((bound, band) => ({
    band,
    name: bound ? `< ${milliseconds(bound)}` : `≥ ${milliseconds(latencyBands.at(-1))}`,
  }));
  return (
    <Chart
      title={t("heatMap")}
      question={question}
      timeline={timeline}
      columns={bands.map(({ name }) => name)}
      cellsOf={({ at }) => bands.map(({ band }) => format.number(counts.get(`${at} ${band}`) ?? 0))}
    >
      <div className={styles.heat}>
        <ul className={styles.bands} aria-hidden>
          {bands.toReversed().map(({ name }) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
        <svg
          className={styles.drawing}
          viewBox={`0 0 ${timeline.length * 10} ${bands.length * 10}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t("heatMap")}
        >
          {timeline.flatMap(({ at }, index) =>
            bands.map(({ band }) => {
              const calls = counts.get(`${at} ${band}`);
              if (!calls) return null;
              return (
                <rect
                  key={`${at} ${band}`}
                  className={styles.cell}
                  x={index * 10 + 0.5}
                  width={9}
                  y={(bands.length - 1 - band) * 10 + 0.5}
                  height={9}
                  // By its root, so that few calls can still be seen beside many.
                  fillOpacity={0.15 + 0.85 * Math.sqrt(calls / most)}
                />
              );
            }),
          )}
        </svg>
      </div>
    </Chart>
  );
}
