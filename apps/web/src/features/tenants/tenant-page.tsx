import { formatRut } from "@smarteros/tools-tenants/rut";
import { CopyIcon } from "@smarteros/ui/copy-button.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import record from "@smarteros/ui/record.module.css";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { Disabled } from "../../components/disabled.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { findSubject } from "../live/find-subject.ts";
import { RemoveServices } from "../services/remove-services.tsx";
import { TenantServices } from "../services/tenant-services.tsx";
import { Audit } from "./audit.tsx";
import { findTenant, readTenantInvocations } from "./find-tenant.ts";
import styles from "./tenant.module.css";
import { TenantFacts } from "./tenant-facts.tsx";
import { TenantLifecycle } from "./tenant-lifecycle.tsx";
import { TenantState } from "./tenant-state.tsx";

/** Everything about one tenant. */
export async function TenantPage({ id }: { id: string }) {
  const [{ principal }, t, remove, read, provisioning, invocations] = await Promise.all([
    requireSession(),
    getTranslations("tenants"),
    getTranslations("provisioning.remove"),
    findTenant(id),
    findSubject("tenant", id),
    readTenantInvocations(id),
  ]);
  if (!read.ok)
    return (
      <div className="page">
        <h1>{t("title")}</h1>
        <LoadFailure code={read.code} requestId={read.requestId} />
      </div>
    );
  const tenant = read.value;
  if (!tenant) notFound();
  const writing = writingOf(principal);
  const rut = formatRut(tenant.rut);
  return (
    <div className="page">
      <RenderedFor userId={principal.userId} />
      <p>
        <Link href="/dashboard/tenants">{t("back")}</Link>
      </p>
      <div className={styles.heading}>
        <h1 id="tenant" tabIndex={-1}>
          <Name>{tenant.business_name}</Name>
        </h1>
        <TenantState active={tenant.active} />
      </div>
      <p className={styles.rut}>
        RUT <span className={record.number}>{rut}</span> <CopyIcon text={rut} label={t("detail.copyRut")} />
      </p>
      {writing === "disabled" && <Disabled />}
      <TenantServices
        tenant={tenant}
        read={provisioning}
        writing={writing}
        viewer={principal.userId}
        isAdmin={principal.capabilities.has("admin")}
      />
      <TenantFacts tenant={tenant} viewer={principal.userId} />
      <Audit read={invocations} viewer={principal.userId} />
      {writing !== "disabled" && (
        <section className={page.section} aria-labelledby="lifecycle">
          <h2 id="lifecycle">{t("lifecycle.title")}</h2>
          {writing === "not_permitted" ? (
            <p>{t("noPermission")}</p>
          ) : (
            <TenantLifecycle
              id={tenant.id}
              rut={tenant.rut}
              name={tenant.business_name}
              active={tenant.active}
            />
          )}
        </section>
      )}
      {writing === "possible" &&
        principal.capabilities.has("admin") &&
        tenant.deleted_at &&
        provisioning.ok &&
        provisioning.value && (
          <section className={page.section} aria-labelledby="remove">
            <h2 id="remove">{remove("title")}</h2>
            <RemoveServices
              tenant={{ id: tenant.id, rut: tenant.rut, name: tenant.business_name }}
              services={provisioning.value.services}
              {...removableFrom(tenant.deleted_at)}
            />
          </section>
        )}
    </div>
  );
}

/** From when what a deleted tenant has at the vendors may be removed. */
function removableFrom(deletedAt: string) {
  const from = Date.parse(deletedAt) + requireServices().settings.deleteGraceDays * 24 * 3600 * 1000;
  return { from: new Date(from).toISOString(), possible: from <= Date.now() };
}
