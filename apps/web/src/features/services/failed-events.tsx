import { Name } from "@smarteros/ui/name.tsx";
import { getFormatter, getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";
import styles from "../live/provisioning.module.css";

/** Shows the changes of a tenant that could not be processed and are not tried again, with the remedy; nothing where there are none. */
export async function FailedEvents({ tenantId }: { tenantId: string }) {
  const [session, t, all, format] = await Promise.all([
    requireSession(),
    getTranslations("provisioning.events"),
    getTranslations("provisioning"),
    getFormatter(),
  ]);
  const read = await readForPage(session.principal, ({ signal }) =>
    requireServices().forUser(session).pagePorts.provisioning.failedEvents(tenantId, signal),
  );
  if (!read.ok || read.value.length === 0) return null;
  return (
    <div className={`notice ${styles.events}`}>
      <p>{t("lead", { count: read.value.length })}</p>
      <ul>
        {read.value.map(({ id, type, created_at: at, last_error: error }) => {
          const known = `type.${type.replace("tenant.", "")}` as "type.created";
          return (
            <li key={id}>
              <strong>{t.has(known) ? t(known) : <Name>{type}</Name>}</strong>{" "}
              <time className={styles.number} dateTime={at}>
                {format.dateTime(new Date(at), "minute")}
              </time>{" "}
              {t(`why.${error?.startsWith("The database ") ? "database" : "unknown"}`)}
              {error && (
                <details className={styles.detail}>
                  <summary>{all("detail")}</summary>
                  <p lang="en">
                    <Name>{error}</Name>
                  </p>
                </details>
              )}
            </li>
          );
        })}
      </ul>
      <p>{t("remedy")}</p>
    </div>
  );
}
