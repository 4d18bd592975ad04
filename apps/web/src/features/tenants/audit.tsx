import type { TenantInvocation } from "@smarteros/observability";
import page from "@smarteros/ui/page.module.css";
import record from "@smarteros/ui/record.module.css";
import { useTranslations } from "next-intl";
import { LoadFailure } from "../../components/load-failure.tsx";
import type { PageRead } from "../../session/read-for-page.ts";
import { InvocationRow } from "./invocation-row.tsx";

type Props = { read: PageRead<TenantInvocation[]>; viewer: string };

/** Lists the last calls about a tenant; each expands to arguments and result. */
export function Audit({ read, viewer }: Props) {
  const t = useTranslations("tenants.audit");
  const now = Date.now();
  return (
    <section className={page.section} aria-labelledby="audit">
      <h2 id="audit">{t("title")}</h2>
      {!read.ok && <LoadFailure code={read.code} requestId={read.requestId} />}
      {read.ok && read.value.length === 0 && <p>{t("empty")}</p>}
      {read.ok && read.value.length > 0 && (
        <>
          <p>{t("lead")}</p>
          <ul className={record.audit}>
            {read.value.map((invocation) => (
              <li key={invocation.id}>
                <InvocationRow invocation={invocation} viewer={viewer} now={now} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
