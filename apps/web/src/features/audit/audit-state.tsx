import type { AuditState as State } from "@smarteros/observability";
import page from "@smarteros/ui/page.module.css";
import { useFormatter, useTranslations } from "next-intl";

/** Shows what the log lacks: records that were dropped, and those that are not stored yet. */
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
