import type { Snapshot } from "@smarteros/tools-fastapi/provisioning-log";
import type { Tenant } from "@smarteros/tools-tenants";
import page from "@smarteros/ui/page.module.css";
import { getTranslations } from "next-intl/server";
import { LoadFailure } from "../../components/load-failure.tsx";
import { Flags } from "../../components/service-flag-list.tsx";
import type { PageRead } from "../../session/read-for-page.ts";
import type { Writing } from "../../session/write-permission.ts";
import { WorkerNotice } from "../live/worker-notice.tsx";
import { FailedEvents } from "./failed-events.tsx";
import { LiveServices } from "./live-services.tsx";

type Props = {
  tenant: Tenant;
  read: PageRead<Snapshot | undefined>;
  writing: Writing;
  viewer: string;
  /** True for an administrator, the only role that adopts resources. */
  isAdmin: boolean;
};

/** Shows the services of a tenant, or only their switches where their state cannot be read. */
export async function TenantServices({ tenant, read, writing, viewer, isAdmin }: Props) {
  const t = await getTranslations("tenants");
  const acting = writing === "possible";
  return (
    <section className={page.section} aria-labelledby="services">
      <h2 id="services">{t("switches.title")}</h2>
      {writing === "not_permitted" && <p>{t("noPermission")}</p>}
      <WorkerNotice />
      <FailedEvents tenantId={tenant.id} />
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
