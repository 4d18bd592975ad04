import type { TenantInvocation } from "@smarteros/observability/supabase";
import { useTranslations } from "next-intl";
import type { PageRead } from "../session/read-for-page.ts";
import { InvocationRow } from "./invocation-row.tsx";
import { LoadFailure } from "./load-failure.tsx";
import styles from "./tenant.module.css";

type Props = { read: PageRead<TenantInvocation[]>; viewer: string };

/** The last calls about a tenant; each opens to show what was asked and answered. */
export function Audit({ read, viewer }: Props) {
  const t = useTranslations("tenants.audit");
  const now = Date.now();
  return (
    <section className={styles.section} aria-labelledby="audit">
      <h2 id="audit">{t("title")}</h2>
      {!read.ok && <LoadFailure code={read.code} requestId={read.requestId} />}
      {read.ok && read.value.length === 0 && <p>{t("empty")}</p>}
      {read.ok && read.value.length > 0 && (
        <>
          <p>{t("lead")}</p>
          <ul className={styles.audit}>
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
