import { type CallQuestion, type CallSummary, summarizeFor } from "@smarteros/observability";
import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { getTimeZone, getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { ListFailure } from "../../components/list-failure.tsx";
import type { SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { AutoRefresh } from "./auto-refresh.tsx";
import { CallsChart, ErrorsChart } from "./bars.tsx";
import { FilterForm } from "./filter-form.tsx";
import { Headline } from "./headline.tsx";
import { HeatMap } from "./heat-map.tsx";
import { LatencyChart } from "./latency-chart.tsx";
import { Rankings } from "./rankings.tsx";
import { analyticsPage, questionOf, rangeOf, readParams } from "./search-params.ts";
import { timelineOf } from "./timeline.ts";

/** Summarizes the calls that the address selects: all calls for auditors, else the user's own. */
export async function AnalyticsPage({ searchParams }: { searchParams: SearchParams }) {
  const [session, t, timeZone] = await Promise.all([
    requireSession(),
    getTranslations("analytics"),
    getTimeZone(),
  ]);
  const { principal } = session;
  const services = requireServices();
  const seesAll = principal.capabilities.has("audit");
  const params = readParams(searchParams);
  const now = Date.now();
  const asked = questionOf(params, timeZone, now);
  const read = asked.ok
    ? await readForPage(principal, async ({ signal }) => ({
        question: asked.question,
        summary: await summarizeFor(
          principal,
          services.forUser(session).ports.counts,
          asked.question,
          signal,
        ),
      }))
    : undefined;
  return (
    <WidePage
      userId={principal.userId}
      title={t("title")}
      beside={<AutoRefresh at={new Date(now).toISOString()} now={now} />}
    >
      <p>{t(seesAll ? "leadAll" : "leadOwn")}</p>
      <FilterForm
        params={params}
        range={rangeOf(params)}
        timeZone={timeZone}
        seesAll={seesAll}
        tools={services.recordedNames}
      />
      {read?.ok ? (
        <Summary {...read.value} seesAll={seesAll} now={now} />
      ) : (
        <ListFailure
          failure={read}
          start={analyticsPage}
          texts={{
            problem: asked.ok ? t("brokenAddress") : t("brokenWish", { name: asked.name }),
            start: t("fromStart"),
          }}
        />
      )}
    </WidePage>
  );
}

type Props = { question: CallQuestion; summary: CallSummary; seesAll: boolean; now: number };

function Summary({ question, summary, seesAll, now }: Props) {
  const t = useTranslations("analytics");
  const { total, selfReported } = summary;
  const apart =
    selfReported && selfReported.calls > 0 ? (
      <p className="notice">
        {t("selfReported", { count: selfReported.calls, errors: selfReported.errors })}
      </p>
    ) : null;
  if (total.calls === 0 && total.limited === 0)
    return (
      <div className={page.empty}>
        <p>{t("empty")}</p>
        {apart}
        <Link className="plain" href="/dashboard/mcp">
          {t("toTools")}
        </Link>
      </div>
    );
  const timeline = timelineOf(question, summary);
  return (
    <>
      <Counted until={summary.countedUntil} question={question} now={now} />
      {apart}
      <Headline summary={summary} question={question} />
      <LatencyChart question={question} timeline={timeline} />
      <CallsChart question={question} timeline={timeline} />
      <ErrorsChart question={question} timeline={timeline} />
      <HeatMap question={question} timeline={timeline} latencies={summary.latencies} />
      <Rankings question={question} summary={summary} seesAll={seesAll} />
    </>
  );
}

const timeoutMs = 2 * 3_600_000;

/** Shows until when hours are counted: later calls are read one by one, which is slower. */
function Counted({ until, question, now }: { until: string | null; question: CallQuestion; now: number }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const behind = until === null ? now : now - Date.parse(until);
  if (behind < timeoutMs || (until !== null && Date.parse(question.to) <= Date.parse(until))) return null;
  return (
    <p className="notice" role="status">
      {until === null
        ? t("notCounted")
        : t("countedUntil", { at: format.dateTime(new Date(until), "minute") })}
    </p>
  );
}
