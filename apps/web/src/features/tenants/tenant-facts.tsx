import type { Tenant } from "@smarteros/tools-tenants";
import { CopyIcon } from "@smarteros/ui/copy-button.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import record from "@smarteros/ui/record.module.css";
import { useFormatter, useTranslations } from "next-intl";

/** Shows the owner, age and id of a tenant. */
export function TenantFacts({ tenant, viewer }: { tenant: Tenant; viewer: string }) {
  const t = useTranslations("tenants.detail");
  const format = useFormatter();
  const moments = [
    ["created", tenant.created_at],
    ["updated", tenant.updated_at],
    ["deletedAt", tenant.deleted_at],
  ] as const;
  return (
    <section className={page.section} aria-labelledby="facts">
      <h2 id="facts">{t("title")}</h2>
      <dl className={record.facts}>
        <div>
          <dt>{t("owner")}</dt>
          <dd>
            {tenant.clerk_user_id === viewer ? (
              t.rich("you", { user: viewer, name: () => <Owner id={viewer} /> })
            ) : (
              <Owner id={tenant.clerk_user_id} />
            )}
          </dd>
        </div>
        {moments.map(
          ([key, at]) =>
            at && (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd className={record.number}>
                  <time dateTime={at}>{format.dateTime(new Date(at), "second")}</time>
                </dd>
              </div>
            ),
        )}
        <div>
          <dt>{t("id")}</dt>
          <dd>
            <code>{tenant.id}</code> <CopyIcon text={tenant.id} label={t("copyId")} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Owner({ id }: { id: string }) {
  return (
    <code>
      <Name>{id}</Name>
    </code>
  );
}
