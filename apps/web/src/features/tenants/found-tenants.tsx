import pageStyles from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import { Pager } from "../../components/pager.tsx";
import type { Writing } from "../../session/write-permission.ts";
import { EmptyList } from "./empty-list.tsx";
import { type Filters, listAddress } from "./filters.ts";
import type { TenantPage } from "./read-tenants.ts";
import { TenantTable } from "./tenant-table.tsx";

type Props = { page: TenantPage; filters: Filters; writing: Writing; withOwners: boolean };

/** Shows a page of the found tenants with a link to the next, or the reason why there are none. */
export function FoundTenants({ page, filters, writing, withOwners }: Props) {
  const t = useTranslations("tenants.list");
  const { tenants, nextCursor, hidden } = page;
  const { cursor } = filters;
  const paged = cursor !== undefined || nextCursor !== undefined;
  return (
    <>
      {tenants.length > 0 ? (
        <>
          <p className={pageStyles.count}>{t(paged ? "countOnPage" : "count", { count: tenants.length })}</p>
          <TenantTable tenants={tenants} withOwners={withOwners} />
        </>
      ) : (
        <EmptyList filters={filters} hidden={hidden} writing={writing} />
      )}
      <Pager
        first={cursor && listAddress({ ...filters, cursor: undefined })}
        next={nextCursor && listAddress({ ...filters, cursor: nextCursor })}
      />
    </>
  );
}
