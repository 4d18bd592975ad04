import Link from "next/link";
import { useTranslations } from "next-intl";
import styles from "./audit.module.css";
import { type AuditFilters, addressWith, auditPage, filterNames } from "./filters.ts";
import { wallClockOf } from "./wall-clock.ts";

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
  "rate_limited",
  "tool_not_found",
  "unavailable",
  "upstream_error",
  "upstream_timeout",
];

/** The filters, as a form that asks the server for a page, and what they found as a file. */
export function AuditSearch({ filters, timeZone, seesAll, tools }: Props) {
  const t = useTranslations("audit");
  const { id, tenant } = filters;
  const isFiltered = filterNames.some((name) => filters[name]);
  const isKnown = [...statuses, ...codes].includes(filters.status);
  const file = (format: string) => addressWith("/api/audit/export", { ...filters, format });
  return (
    <search>
      {/* A new form for other filters: what stands in its fields is then theirs. */}
      <form key={JSON.stringify(filters)} className={styles.search} action={auditPage}>
        {seesAll && (
          <label>
            {t("user")}
            <input
              name="user"
              defaultValue={filters.user}
              maxLength={255}
              autoComplete="off"
              spellCheck={false}
            />
          </label>
        )}
        <label>
          {t("tool")}
          <input
            name="tool"
            list="audit-tools"
            defaultValue={filters.tool}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <datalist id="audit-tools">
          {tools.map((tool) => (
            <option key={tool} value={tool} />
          ))}
        </datalist>
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
        <label>
          {t("tenant")}
          <input name="tenant" defaultValue={tenant} maxLength={36} autoComplete="off" spellCheck={false} />
        </label>
        <label>
          {t("request")}
          <input
            name="request"
            defaultValue={filters.request}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <label>
          {t("from")}
          <input
            name="from"
            type="datetime-local"
            step="1"
            defaultValue={wallClockOf(filters.from, timeZone)}
          />
        </label>
        <label>
          {t("to")}
          <input name="to" type="datetime-local" step="1" defaultValue={wallClockOf(filters.to, timeZone)} />
        </label>
        {id && <input type="hidden" name="id" value={id} />}
        <div className={styles.actions}>
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
