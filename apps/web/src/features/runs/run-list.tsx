import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { ListFailure } from "../../components/list-failure.tsx";
import type { SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { writingOf } from "../../session/write-permission.ts";
import { VendorNotice } from "../live/vendor-notice.tsx";
import { WorkerNotice } from "../live/worker-notice.tsx";
import { FoundRuns } from "./found-runs.tsx";
import { ManyRuns } from "./many-runs.tsx";
import { readRuns } from "./read-runs.ts";
import { runFiltersOf, runsPage } from "./run-filters.ts";
import { RunSearch } from "./run-search.tsx";

/** Lists the runs that the address selects. */
export async function RunList({ searchParams }: { searchParams: SearchParams }) {
  const [session, t] = await Promise.all([requireSession(), getTranslations("provisioning.runs")]);
  const { principal } = session;
  const writing = writingOf(principal);
  const filters = runFiltersOf(searchParams);
  const read = await readRuns(session, filters);
  return (
    <WidePage userId={principal.userId} title={t("title")}>
      {writing === "disabled" && <Disabled />}
      <WorkerNotice />
      <VendorNotice />
      <RunSearch filters={filters} found={read.ok ? t("count", { count: read.value.runs.length }) : ""}>
        {read.ok && writing === "possible" && <ManyRuns filters={filters} />}
        {read.ok ? (
          <FoundRuns
            page={read.value}
            filters={filters}
            viewer={principal.userId}
            written={Date.now()}
            writable={writing === "possible"}
          />
        ) : (
          <ListFailure failure={read} start={runsPage} />
        )}
      </RunSearch>
    </WidePage>
  );
}
