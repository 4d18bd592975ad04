import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { filtersOf, type SearchParams } from "./filters.ts";
import { FoundTenants } from "./found-tenants.tsx";
import { ListSearch } from "./list-search.tsx";
import { NewTenantLink } from "./new-tenant-link.tsx";
import { readTenants } from "./read-tenants.ts";
import { ReviewNotice } from "./review-notice.tsx";

/** Lists the tenants that the address selects. */
export async function TenantList({ searchParams }: { searchParams: SearchParams }) {
  const [session, t] = await Promise.all([requireSession(), getTranslations("tenants")]);
  const { principal } = session;
  const writing = writingOf(principal);
  const filters = filtersOf(searchParams);
  const read = await readTenants(session, filters);
  const found = read.ok ? t("list.count", { count: read.value.tenants.length }) : "";
  return (
    <div className={page.wide}>
      <RenderedFor userId={principal.userId} />
      <div className={page.title}>
        <h1>{t("title")}</h1>
        <NewTenantLink writing={writing} disabledBy="disabled" />
      </div>
      {writing === "disabled" && (
        <div id="disabled">
          <Disabled />
        </div>
      )}
      {read.ok && <ReviewNotice count={read.value.inReview} />}
      <ListSearch filters={filters} found={found}>
        {read.ok ? (
          <FoundTenants
            page={read.value}
            filters={filters}
            writing={writing}
            withOwners={principal.seesAllTenants}
          />
        ) : read.code === "invalid_input" ? (
          <div className={page.problem} role="alert">
            <p>{t("broken.address")}</p>
            <Link className="plain" href="/dashboard/tenants">
              {t("broken.fromStart")}
            </Link>
          </div>
        ) : (
          <LoadFailure code={read.code} requestId={read.requestId} />
        )}
      </ListSearch>
    </div>
  );
}
