import { flagOf, vendorNames } from "@smarteros/connectors/vendors";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { Status } from "@smarteros/ui/status.tsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { HeldService } from "./read-upgrade.ts";
import styles from "./upgrade.module.css";

/** One page of the services that are held: a table, and cards on a phone. */
export function HeldTable({ services }: { services: HeldService[] }) {
  const t = useTranslations("upgrade.table");
  const tenants = useTranslations("tenants");
  return (
    <table className={page.table}>
      <thead>
        <tr>
          <th scope="col">{t("tenant")}</th>
          <th scope="col">{t("service")}</th>
          <th scope="col">{t("recorded")}</th>
          <th scope="col">{t("wanted")}</th>
        </tr>
      </thead>
      <tbody>
        {services.map(({ tenant_id: id, vendor, wanted, external_id: externalId, name, rut }) => (
          <tr key={id + vendor}>
            <th scope="row">
              <Link href={`/dashboard/tenants/${id}`} prefetch={false}>
                <Name>{name || id}</Name>
              </Link>
              {rut && <div className={styles.rut}>{formatRut(rut)}</div>}
            </th>
            <td data-label={t("service")}>
              {tenants(`service.${flagOf[vendor]}.name`)} · {vendorNames[vendor]}
            </td>
            <td data-label={t("id")}>
              {externalId ? (
                <code>
                  <Name>{externalId}</Name>
                </code>
              ) : (
                t("none")
              )}
            </td>
            <td data-label={t("wanted")}>
              <Status kind={wanted ? "pending" : "none"}>{t(wanted ? "yes" : "no")}</Status>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
