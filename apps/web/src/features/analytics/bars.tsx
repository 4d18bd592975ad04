import type { CallQuestion } from "@smarteros/observability";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { Chart } from "./chart.tsx";
import { errorRate, niceMaximum, type TimeBucket } from "./timeline.ts";
import { useUnits } from "./units.ts";

type Props = { question: CallQuestion; timeline: TimeBucket[] };

/** Charts the number of calls over time, and how many of them failed. */
export function CallsChart({ question, timeline }: Props) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const heights = timeline.map(({ figures }) => figures?.calls ?? 0);
  const top = niceMaximum(Math.max(...heights));
  return (
    <Chart
      title={t("callsOverTime")}
      top={format.number(top)}
      question={question}
      timeline={timeline}
      columns={[t("calls"), t("errors"), t("limited")]}
      cellsOf={({ figures }) =>
        [figures?.calls ?? 0, figures?.errors ?? 0, figures?.limited ?? 0].map((count) =>
          format.number(count),
        )
      }
    >
      <Bars title={t("callsOverTime")} timeline={timeline} heights={heights.map((height) => height / top)} />
    </Chart>
  );
}

/** Charts the share of failed calls over time, on its own axis. */
export function ErrorsChart({ question, timeline }: Props) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { percent } = useUnits();
  const rates = timeline.map(({ figures }) => (figures ? errorRate(figures) : 0));
  const top = Math.min(1, niceMaximum(Math.max(0.01, ...rates)));
  return (
    <Chart
      title={t("errorRateOverTime")}
      top={percent(top)}
      question={question}
      timeline={timeline}
      columns={[t("errorRate"), t("errors"), t("calls")]}
      cellsOf={({ figures }) =>
        figures
          ? [percent(errorRate(figures)), format.number(figures.errors), format.number(figures.calls)]
          : ["–", "0", "0"]
      }
    >
      <Bars
        title={t("errorRateOverTime")}
        timeline={timeline}
        heights={rates.map((rate) => rate / top)}
        kind="errors"
      />
    </Chart>
  );
}

/** `heights` are shares of the whole height. */
function Bars({
  title,
  timeline,
  heights,
  kind,
}: {
  title: string;
  timeline: TimeBucket[];
  heights: number[];
  kind?: "errors";
}) {
  return (
    <svg
      className={styles.drawing}
      viewBox={`0 0 ${timeline.length * 10} 100`}
      preserveAspectRatio="none"
      role="img"
      aria-label={title}
    >
      {/* One path for all bars of a kind: an element each would be most of the page. */}
      {[true, false].map((whole) => (
        <path
          key={String(whole)}
          className={kind ? styles.errorBar : styles.bar}
          data-partial={!whole}
          d={timeline
            .map(({ isWhole }, index) => (isWhole === whole ? barOf(index, heights[index] ?? 0) : ""))
            .join("")}
        />
      ))}
    </svg>
  );
}

function barOf(index: number, height: number): string {
  return height > 0 ? `M${index * 10 + 1} 100h8V${(100 - height * 100).toFixed(2)}h-8z` : "";
}
