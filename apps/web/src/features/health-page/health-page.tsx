import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getTimeZone, getTranslations } from "next-intl/server";
import { LoadFailure } from "../../components/load-failure.tsx";
import type { SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { VendorNotice } from "../live/vendor-notice.tsx";
import styles from "./health-page.module.css";
import { Incidents } from "./incidents.tsx";
import { Maintenance } from "./maintenance.tsx";
import { addressOf, type Range, rangeOf, ranges } from "./range.ts";
import { readHealth } from "./read-health.ts";
import { ServiceCard } from "./service-card.tsx";
import { Summary } from "./summary.tsx";

const fields = ["service", "from", "to", "reason", "id"] as const;

/** Shows the state of the services, now and in the range that the address selects. */
export async function HealthPage({ searchParams }: { searchParams: SearchParams }) {
  const [session, t, timeZone] = await Promise.all([
    requireSession(),
    getTranslations("healthPage"),
    getTimeZone(),
  ]);
  const { principal } = session;
  const range = rangeOf(searchParams);
  const problem = fields.find((field) => field === searchParams.problem);
  const read = await readHealth(session, ranges[range]);
  const now = Date.now();
  return (
    <WidePage
      userId={principal.userId}
      title={t("title")}
      beside={
        <nav className={styles.ranges} aria-label={t("range")}>
          {(Object.keys(ranges) as Range[]).map((name) => (
            <Link
              key={name}
              className="plain"
              href={addressOf(name)}
              aria-current={name === range ? "page" : undefined}
            >
              {t(`ranges.${name}`)}
            </Link>
          ))}
        </nav>
      }
    >
      {problem && (
        <p className={page.problem} role="alert">
          {t(`problem.${problem}`)}
        </p>
      )}
      <VendorNotice />
      {!read.ok ? (
        <LoadFailure code={read.code} requestId={read.requestId} />
      ) : (
        <>
          {read.value.services.length === 0 ? (
            <div className={page.empty}>
              <p>{t("empty")}</p>
            </div>
          ) : (
            <>
              <Summary timeline={read.value} now={now} />
              <p className={styles.legend}>
                {(["ok", "degraded", "error", "maintenance", "none"] as const).map((state) => (
                  <span key={state}>
                    <i className={styles.mark} data-state={state} aria-hidden /> {t(`state.${state}`)}
                  </span>
                ))}
                <span>{t(`each.${read.value.step}`)}</span>
              </p>
              {read.value.services.map((service) => (
                <ServiceCard key={service.service} service={service} timeline={read.value} now={now} />
              ))}
            </>
          )}
          <Incidents incidents={read.value.incidents} />
          <Maintenance
            timeline={read.value}
            isAdmin={principal.capabilities.has("admin")}
            timeZone={timeZone}
            range={range}
            now={now}
          />
        </>
      )}
    </WidePage>
  );
}
