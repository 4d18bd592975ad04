import pageStyles from "@smarteros/ui/page.module.css";
import record from "@smarteros/ui/record.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Pager } from "../../components/pager.tsx";
import { CallRow } from "./call-row.tsx";
import { type AuditFilters, auditAddress, auditPage } from "./filters.ts";
import type { CallPage } from "./read-calls.ts";

type Props = { page: CallPage; filters: AuditFilters; isFirst: boolean; viewer: string; now: number };

/** Shows a page of the found calls with a link to the next, or that there are none. */
export function FoundCalls({ page: { calls, nextCursor }, filters, isFirst, viewer, now }: Props) {
  const t = useTranslations("audit");
  if (calls.length === 0)
    return (
      <div className={pageStyles.empty}>
        <p>{t(isFirst ? "empty" : "pastTheEnd")}</p>
        <Link className="plain" href={auditPage}>
          {t("fromStart")}
        </Link>
      </div>
    );
  return (
    <>
      <ul className={record.audit} aria-label={t("title")}>
        {calls.map((call) => (
          <li key={call.id}>
            <CallRow call={call} viewer={viewer} now={now} isOpen={filters.id === call.id} />
          </li>
        ))}
      </ul>
      <Pager
        first={isFirst ? undefined : auditAddress(filters)}
        next={nextCursor && auditAddress({ ...filters, cursor: nextCursor })}
      />
    </>
  );
}
