import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { ListFailure } from "../../components/list-failure.tsx";
import type { SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { writingOf } from "../../session/write-permission.ts";
import { filtersOf, tenantsPage } from "./filters.ts";
import { FoundTenants } from "./found-tenants.tsx";
import { NewTenantLink } from "./new-tenant-link.tsx";
import { readTenants } from "./read-tenants.ts";
import { ReviewNotice } from "./review-notice.tsx";
import { TenantSearch } from "./tenant-search.tsx";

/** Lists the tenants that the address selects. */
export async function TenantList({ searchParams }: { searchParams: SearchParams }) {
  const [session, t] = await Promise.all([requireSession(), getTranslations("tenants")]);
  const { principal } = session;
  const writing = writingOf(principal);
  const filters = filtersOf(searchParams);
  const read = await readTenants(session, filters);
  const found = read.ok ? t("list.count", { count: read.value.tenants.length }) : "";
  return (
    <WidePage
      userId={principal.userId}
      title={t("title")}
      beside={<NewTenantLink writing={writing} disabledBy="disabled" />}
    >
      {writing === "disabled" && (
        <div id="disabled">
          <Disabled />
        </div>
      )}
      {read.ok && <ReviewNotice count={read.value.inReview} />}
      <TenantSearch filters={filters} found={found}>
        {read.ok ? (
          <FoundTenants
            page={read.value}
            filters={filters}
            writing={writing}
            withOwners={principal.seesAllTenants}
          />
        ) : (
          <ListFailure failure={read} start={tenantsPage} />
        )}
      </TenantSearch>
    </WidePage>
  );
}
