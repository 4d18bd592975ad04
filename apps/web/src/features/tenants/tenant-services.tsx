import type { Tenant } from "@smarteros/tools-tenants";
import { useTranslations } from "next-intl";
import { Name } from "../shell/name.tsx";
import { Flags } from "./flags.tsx";
import type { ServiceFlag } from "./service-flags.ts";
import { serviceFlags } from "./service-flags.ts";
import { ServiceSwitches } from "./service-switches.tsx";
import styles from "./tenant.module.css";
import type { Writing } from "./writing.ts";

/** The services of a tenant: switches for who may change them, else how they stand and why; and the vendors' ids. */
export function TenantServices({ tenant, writing }: { tenant: Tenant; writing: Writing }) {
  const t = useTranslations("tenants");
  const externalIds: Record<ServiceFlag, string | number | null> = {
    crm: tenant.chatwoot_inbox_id,
    bot: tenant.botpress_workspace_id,
    erp: tenant.odoo_company_id,
    workflows: tenant.n8n_project_id,
    kpi: tenant.metabase_dashboard_id,
  };
  return (
    <section className={styles.section} aria-labelledby="services">
      <h2 id="services">{t("switches.title")}</h2>
      <div className={styles.services}>
        {tenant.active && writing === "possible" ? (
          <ServiceSwitches id={tenant.id} services={tenant.services_enabled} updatedAt={tenant.updated_at} />
        ) : (
          <div>
            <Flags enabled={tenant.services_enabled} />
            {writing === "not_permitted" && <p>{t("noPermission")}</p>}
            {writing === "possible" && <p>{t("switches.deleted")}</p>}
          </div>
        )}
        <dl className={styles.facts}>
          {serviceFlags.map((flag) => (
            <div key={flag}>
              <dt>{t(`service.${flag}.externalId`)}</dt>
              <dd>
                {externalIds[flag] === null ? (
                  t("switches.none")
                ) : (
                  <code>
                    <Name>{String(externalIds[flag])}</Name>
                  </code>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
