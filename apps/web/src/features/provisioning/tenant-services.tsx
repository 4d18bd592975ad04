import type { Tenant } from "@smarteros/tools-tenants";
import { getTranslations } from "next-intl/server";
import type { PageRead } from "../session/read-for-page.ts";
import { Flags } from "../tenants/flags.tsx";
import { LoadFailure } from "../tenants/load-failure.tsx";
import styles from "../tenants/tenant.module.css";
import type { Writing } from "../tenants/writing.ts";
import { hasServiceTools } from "./has-service-tools.ts";
import { LiveServices } from "./live-services.tsx";
import type { Snapshot } from "./rows.ts";

type Props = {
  tenant: Tenant;
  read: PageRead<Snapshot | undefined>;
  writing: Writing;
  viewer: string;
  /** Whether the current user is an administrator, who alone adopts what a vendor has. */
  isAdmin: boolean;
};

/** The services of a tenant, or how they are switched where it cannot be read how they stand. */
export async function TenantServices({ tenant, read, writing, viewer, isAdmin }: Props) {
  const [t, own] = await Promise.all([getTranslations("tenants"), getTranslations("provisioning")]);
  const acting = writing === "possible" && hasServiceTools();
  return (
    <section className={styles.section} aria-labelledby="services">
      <h2 id="services">{t("switches.title")}</h2>
      {writing === "not_permitted" && <p>{t("noPermission")}</p>}
      {writing === "possible" && !acting && <p>{own("noBackend")}</p>}
      {writing === "possible" && !tenant.active && <p>{t("switches.deleted")}</p>}
      {read.ok && read.value ? (
        <LiveServices
          tenantId={tenant.id}
          viewer={viewer}
          initial={read.value}
          written={Date.now()}
          writable={acting}
          switchable={writing === "possible" && tenant.active}
          adopting={acting && isAdmin}
        />
      ) : (
        <>
          <Flags enabled={tenant.services_enabled} />
          {!read.ok && <LoadFailure code={read.code} requestId={read.requestId} />}
        </>
      )}
    </section>
  );
}
