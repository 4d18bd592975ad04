import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { TenantForm } from "./tenant-form.tsx";

/** Shows the form for a new tenant, or the reason why none can be created. */
export async function NewTenant() {
  const [{ principal }, t] = await Promise.all([requireSession(), getTranslations("tenants")]);
  const writing = writingOf(principal);
  return (
    <div className="page">
      <RenderedFor userId={principal.userId} />
      <p>
        <Link href="/dashboard/tenants">{t("back")}</Link>
      </p>
      <h1>{t("new")}</h1>
      {writing === "possible" && (
        <>
          <p>{t("form.lead")}</p>
          <noscript>
            <p className="notice">{t("form.needsScript")}</p>
          </noscript>
          <TenantForm userId={principal.userId} />
        </>
      )}
      {writing === "disabled" && <Disabled />}
      {writing === "not_permitted" && <p className="notice">{t("noPermission")}</p>}
    </div>
  );
}
