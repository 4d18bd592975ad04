import { formatRut } from "@smarteros/tools-tenants/rut";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Flags } from "../../components/service-flag-list.tsx";
import type { ListedTenant } from "./read-tenants.ts";
import { TenantState } from "./tenant-state.tsx";
import styles from "./tenants.module.css";

type Props = { tenants: ListedTenant[]; withOwners: boolean };

/** Shows one page of tenants: a table, and cards on a phone. Links are not prefetched. */
export function TenantTable({ tenants, withOwners }: Props) {
  const t = useTranslations("tenants.list");
  const format = useFormatter();
  return (
    <table className={page.table}>
      <thead>
        <tr>
          <th scope="col">{t("name")}</th>
          <th scope="col">{t("rut")}</th>
          <th scope="col">{t("services")}</th>
          <th scope="col">{t("created")}</th>
          <th scope="col">{t("state")}</th>
          {withOwners && <th scope="col">{t("owner")}</th>}
        </tr>
      </thead>
      <tbody>
        {tenants.map((tenant) => {
          const created = new Date(tenant.created_at);
          return (
            <tr key={tenant.id}>
              <th scope="row">
                <Link href={`/dashboard/tenants/${tenant.id}`} prefetch={false}>
                  <Name>{tenant.business_name}</Name>
                </Link>
              </th>
              <td className={styles.number} data-label={t("rut")}>
                {formatRut(tenant.rut)}
              </td>
              <td data-label={t("services")}>
                <Flags enabled={tenant.services_enabled} />
              </td>
              <td className={styles.number} data-label={t("created")}>
                <time dateTime={tenant.created_at} title={format.dateTime(created, "second")}>
                  {format.dateTime(created, "day")}
                </time>
              </td>
              <td data-label={t("state")}>
                <TenantState active={tenant.active} />
              </td>
              {withOwners && (
                <td data-label={t("owner")}>
                  <code>
                    <Name>{tenant.owner ?? ""}</Name>
                  </code>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
