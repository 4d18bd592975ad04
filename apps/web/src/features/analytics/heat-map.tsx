import { type CallQuestion, type CallSummary, latencyBands } from "@smarteros/observability";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { Chart } from "./chart.tsx";
import type { TimeBucket } from "./timeline.ts";
import { useUnits } from "./units.ts";

type Props = { question: CallQuestion; timeline: TimeBucket[]; latencies: CallSummary["latencies"] };

/** Charts how many calls of each time bucket took how long: darker is more. */
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
  const shades = Map.groupBy(
    timeline
      .flatMap(({ at }, index) =>
        bands.map(({ band }) => ({
          x: index,
          y: bands.length - 1 - band,
          calls: counts.get(`${at} ${band}`) ?? 0,
        })),
      )
      .filter(({ calls }) => calls > 0),
    ({ calls }) => shadeOf(calls / most),
  );
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
          {[...shades].map(([shade, cells]) => (
            <path
              key={shade}
              className={styles.cell}
              fillOpacity={shade}
              d={cells.map(({ x, y }) => `M${x * 10 + 0.5} ${y * 10 + 0.5}h9v9h-9z`).join("")}
            />
          ))}
        </svg>
      </div>
    </Chart>
  );
}

/** One of nine shades by the root of a share, so that few calls can still be seen beside many. */
function shadeOf(share: number): number {
  return Math.round(10 * (0.15 + 0.85 * Math.sqrt(share))) / 10;
}
