import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { hasServiceTools } from "../live/has-service-tools.ts";
import { FoundRuns } from "./found-runs.tsx";
import { readRuns } from "./read-runs.ts";
import { runFiltersOf, type SearchParams } from "./run-filters.ts";
import { RunSearch } from "./run-search.tsx";

/** Lists the runs that the address selects. */
export async function RunList({ searchParams }: { searchParams: SearchParams }) {
  const [session, t] = await Promise.all([requireSession(), getTranslations("provisioning.runs")]);
  const { principal } = session;
  const writing = writingOf(principal);
  const filters = runFiltersOf(searchParams);
  const read = await readRuns(session, filters);
  return (
    <div className={page.wide}>
      <RenderedFor userId={principal.userId} />
      <div className={page.title}>
        <h1>{t("title")}</h1>
      </div>
      {writing === "disabled" && <Disabled />}
      <RunSearch filters={filters} found={read.ok ? t("count", { count: read.value.runs.length }) : ""}>
        {read.ok ? (
          <FoundRuns
            page={read.value}
            filters={filters}
            viewer={principal.userId}
            written={Date.now()}
            writable={writing === "possible" && hasServiceTools()}
          />
        ) : read.code === "invalid_input" ? (
          <div className={page.problem} role="alert">
            <p>{t("brokenAddress")}</p>
            <Link className="plain" href="/dashboard/runs">
              {t("fromStart")}
            </Link>
          </div>
        ) : (
          <LoadFailure code={read.code} requestId={read.requestId} />
        )}
      </RunSearch>
    </div>
  );
}
