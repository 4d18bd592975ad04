"use client";

import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ListSearch } from "../../components/list-search.tsx";
import { type Filters, filtersOf, listAddress, tenantsPage } from "./filters.ts";

type Props = {
  filters: Filters;
  /** A sentence about the result, for screen readers. */
  found: string;
  children: ReactNode;
};

/** Shows the filters of the tenants and, below them, the result. */
export function TenantSearch({ filters: { search, deleted }, found, children }: Props) {
  const t = useTranslations("tenants.list");
  return (
    <ListSearch
      start={tenantsPage}
      current={listAddress({ search, deleted })}
      values={{ search, deleted: deleted ? "1" : "" }}
      addressOf={(fields) => listAddress(filtersOf(fields))}
      texts={{ search: t("search"), find: t("find") }}
      fieldsAfter={(ask) => (
        <label className={page.checkbox}>
          <input type="checkbox" name="deleted" value="1" defaultChecked={deleted} onChange={ask} />
          {t("deleted")}
        </label>
      )}
      found={found}
    >
      {children}
    </ListSearch>
  );
}
