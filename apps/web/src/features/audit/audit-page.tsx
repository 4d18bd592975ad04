import { getTimeZone, getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { ListFailure } from "../../components/list-failure.tsx";
import { firstOf, type SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { AuditSearch } from "./audit-search.tsx";
import { AuditState } from "./audit-state.tsx";
import { auditFiltersOf, auditPage, callFiltersOf } from "./filters.ts";
import { FoundCalls } from "./found-calls.tsx";
import { readCalls } from "./read-calls.ts";

/** Lists the calls that the address selects: all calls for auditors, else the user's own. */
export async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const [session, t, timeZone] = await Promise.all([
    requireSession(),
    getTranslations("audit"),
    getTimeZone(),
  ]);
  const { principal } = session;
  const { recordedNames, recorder } = requireServices();
  const seesAll = principal.capabilities.has("audit");
  const filters = auditFiltersOf(searchParams);
  const cursor = firstOf(searchParams, "cursor");
  const wanted = callFiltersOf(filters, timeZone);
  const read = wanted.ok ? await readCalls(session, wanted.filters, cursor) : undefined;
  return (
    <WidePage userId={principal.userId} title={t("title")}>
      <p>{t(seesAll ? "leadAll" : "leadOwn")}</p>
      {seesAll && <AuditState state={recorder.state()} />}
      <AuditSearch filters={filters} timeZone={timeZone} seesAll={seesAll} tools={recordedNames} />
      {read?.ok ? (
        <FoundCalls
          page={read.value}
          filters={filters}
          isFirst={!cursor}
          viewer={principal.userId}
          now={Date.now()}
        />
      ) : (
        <ListFailure
          failure={read}
          start={auditPage}
          texts={{
            problem: wanted.ok ? t("brokenAddress") : t("brokenFilter", { name: wanted.name }),
            start: t("fromStart"),
          }}
        />
      )}
    </WidePage>
  );
}
