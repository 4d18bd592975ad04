import { TextFilter, TimeFilter } from "@smarteros/ui/filter-fields.tsx";
import filter from "@smarteros/ui/filter-form.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { addressWith } from "../../components/search-params.ts";
import { type AuditFilters, auditPage, filterNames } from "./filters.ts";

type Props = { filters: AuditFilters; timeZone: string; seesAll: boolean; tools: string[] };

const statuses = ["ok", "failed", "error", "outcome_unknown"] as const;
const codes = [
  "cancelled",
  "conflict",
  "deadline_exceeded",
  "forbidden",
  "internal",
  "invalid_input",
  "not_found",
  "quota_exceeded",
  "rate_limited",
  "tool_not_found",
  "unavailable",
  "upstream_error",
  "upstream_timeout",
];

/** Shows the filters as a form that requests the page from the server, and links to the result as a file. */
export function AuditSearch({ filters, timeZone, seesAll, tools }: Props) {
  const t = useTranslations("audit");
  const { id, tenant } = filters;
  const isFiltered = filterNames.some((name) => filters[name]);
  const isKnown = [...statuses, ...codes].includes(filters.status);
  const file = (format: string) => addressWith("/api/audit/export", { ...filters, format });
  return (
    <search>
      {/* A new form for other filters: what stands in its fields is then theirs. */}
      <form key={JSON.stringify(filters)} className={filter.search} action={auditPage}>
        {seesAll && <TextFilter name="user" label={t("user")} value={filters.user} maxLength={255} />}
        <TextFilter name="tool" label={t("tool")} value={filters.tool} maxLength={200} options={tools} />
        <label>
          {t("status")}
          <select name="status" defaultValue={filters.status}>
            <option value="">{t("anyStatus")}</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {t(`statusIs.${status}`)}
              </option>
            ))}
            {codes.map((code) => (
              <option key={code}>{code}</option>
            ))}
            {filters.status && !isKnown && <option>{filters.status}</option>}
          </select>
        </label>
        <TextFilter name="tenant" label={t("tenant")} value={tenant} maxLength={36} />
        <TextFilter name="request" label={t("request")} value={filters.request} maxLength={200} />
        <TimeFilter name="from" label={t("from")} value={filters.from} timeZone={timeZone} />
        <TimeFilter name="to" label={t("to")} value={filters.to} timeZone={timeZone} />
        {id && <input type="hidden" name="id" value={id} />}
        <div className={filter.actions}>
          <button className="plain" type="submit">
            {t("find")}
          </button>
          {isFiltered && <Link href={auditPage}>{t("clear")}</Link>}
          <span>
            {t("export")}:{" "}
            <a href={file("csv")} download>
              CSV
            </a>{" "}
            ·{" "}
            <a href={file("ndjson")} download>
              NDJSON
            </a>
          </span>
        </div>
      </form>
    </search>
  );
}
