import type { HealthService, HealthTimeline } from "@smarteros/observability";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { useFormatter, useTranslations } from "next-intl";
import { BarStrip } from "./bar-strip.tsx";
import styles from "./health-page.module.css";
import { type Slot, slotsOf } from "./slots.ts";
import { StateBadge } from "./state-badge.tsx";
import { useFigures } from "./use-figures.ts";

type Props = { service: HealthService; timeline: HealthTimeline; now: number };

/** One service: how it is now, and how it was in each moment of the range, as bars and as a table. */
export function ServiceCard({ service, timeline, now }: Props) {
  const t = useTranslations("healthPage");
  const format = useFormatter();
  const { share, latency, moment } = useFigures();
  const { step } = timeline;
  const slots = slotsOf(timeline, service.bars);
  const textOf = ({ at, bar }: Slot) => {
    if (!bar) return t("bar.none", { at: moment(at, step) });
    const values = {
      at: moment(at, step),
      state: t(`state.${bar.state}`),
      uptime: share(bar.uptime),
      samples: bar.samples,
      p95: latency(bar.p95),
    };
    return t(bar.samples > 0 ? "bar.seen" : "bar.excluded", values);
  };
  return (
    <section className={styles.card} aria-labelledby={`service-${service.service}`}>
      <div className={styles.head}>
        <h2 id={`service-${service.service}`}>{service.service}</h2>
        <StateBadge state={service.state} />
        {service.error && <code>{service.error}</code>}
        <span className={styles.checked}>
          {t("checked")} <RelativeTime at={service.checkedAt} now={now} />
        </span>
      </div>
      <dl className={styles.figures}>
        <div>
          <dt>{t("uptime")}</dt>
          <dd>{share(service.uptime)}</dd>
        </div>
        {(["p50", "p95", "p99"] as const).map((quantile) => (
          <div key={quantile}>
            <dt title={t(`quantile.${quantile}`)}>{quantile}</dt>
            <dd>{latency(service[quantile])}</dd>
          </div>
        ))}
      </dl>
      <BarStrip
        label={t("bars", { service: service.service })}
        bars={slots.map((slot) => ({
          at: slot.at,
          state: slot.bar?.state ?? "none",
          text: textOf(slot),
        }))}
      />
      <details className={styles.details}>
        <summary>{t("asTable")}</summary>
        <section
          className={styles.scrolled}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          aria-label={t("bars", { service: service.service })}
        >
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t(`moment.${step}`)}</th>
                <th scope="col">{t("stateNow")}</th>
                <th scope="col">{t("uptime")}</th>
                <th scope="col">{t("samples")}</th>
                <th scope="col">p50</th>
                <th scope="col">p95</th>
                <th scope="col">p99</th>
              </tr>
            </thead>
            <tbody>
              {service.bars.toReversed().map((bar) => (
                <tr key={bar.at}>
                  <th scope="row">{moment(bar.at, step)}</th>
                  <td>{t(`state.${bar.state}`)}</td>
                  <td>{share(bar.uptime)}</td>
                  <td>{format.number(bar.samples)}</td>
                  <td>{latency(bar.p50)}</td>
                  <td>{latency(bar.p95)}</td>
                  <td>{latency(bar.p99)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}
