import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getTimeZone, getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { AuditSearch } from "./audit-search.tsx";
import { AuditState } from "./audit-state.tsx";
import { auditFiltersOf, auditPage, callFiltersOf, type SearchParams } from "./filters.ts";
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
  const cursor = [searchParams.cursor].flat()[0] ?? "";
  const wanted = callFiltersOf(filters, timeZone);
  const read = wanted.ok ? await readCalls(session, wanted.filters, cursor) : undefined;
  return (
    <div className={page.wide}>
      <RenderedFor userId={principal.userId} />
      <div className={page.title}>
        <h1>{t("title")}</h1>
      </div>
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
      ) : !read || read.code === "invalid_input" ? (
        <div className={page.problem} role="alert">
          <p>{wanted.ok ? t("brokenAddress") : t("brokenFilter", { name: wanted.name })}</p>
          <Link className="plain" href={auditPage}>
            {t("fromStart")}
          </Link>
        </div>
      ) : (
        <LoadFailure code={read.code} requestId={read.requestId} />
      )}
    </div>
  );
}
