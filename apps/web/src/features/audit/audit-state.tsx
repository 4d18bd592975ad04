import type { AuditState as State } from "@smarteros/observability";
import page from "@smarteros/ui/page.module.css";
import { useFormatter, useTranslations } from "next-intl";

/** Says what this log lacks: records that were given up, and those that wait for the database. */
export function AuditState({ state: { backlog, dropped } }: { state: State }) {
  const t = useTranslations("audit");
  const format = useFormatter();
  return (
    <>
      {dropped > 0 && (
        <p className={page.problem} role="alert">
          {t("dropped", { count: format.number(dropped) })}
        </p>
      )}
      {backlog > 0 && <p className={page.count}>{t("backlog", { count: format.number(backlog) })}</p>}
    </>
  );
}
