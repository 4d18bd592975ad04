import { formatRut } from "@smarteros/tools-tenants/rut";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireSession } from "../session/current-session.ts";
import { WrittenFor } from "../session/viewer.tsx";
import { CopyIcon } from "../shell/copy-button.tsx";
import { Disabled } from "../shell/disabled.tsx";
import { Name } from "../shell/name.tsx";
import { Audit } from "./audit.tsx";
import { findTenant, readTenantInvocations } from "./find-tenant.ts";
import { LoadFailure } from "./load-failure.tsx";
import styles from "./tenant.module.css";
import { TenantFacts } from "./tenant-facts.tsx";
import { TenantLifecycle } from "./tenant-lifecycle.tsx";
import { TenantServices } from "./tenant-services.tsx";
import { TenantState } from "./tenant-state.tsx";
import { writingOf } from "./writing.ts";

/** Everything about one tenant. */
export async function TenantDetail({ id }: { id: string }) {
  const [{ principal }, t, read, invocations] = await Promise.all([
    requireSession(),
    getTranslations("tenants"),
    findTenant(id),
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
      <WrittenFor userId={principal.userId} />
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
        RUT <span className={styles.number}>{rut}</span> <CopyIcon text={rut} label={t("detail.copyRut")} />
      </p>
      {writing === "disabled" && <Disabled />}
      <TenantServices tenant={tenant} writing={writing} />
      <TenantFacts tenant={tenant} viewer={principal.userId} />
      <Audit read={invocations} viewer={principal.userId} />
      {writing !== "disabled" && (
        <section className={styles.section} aria-labelledby="lifecycle">
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
    </div>
  );
}
