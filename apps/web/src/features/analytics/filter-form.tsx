import { type Range, ranges } from "@smarteros/observability";
import { TextFilter, TimeFilter } from "@smarteros/ui/filter-fields.tsx";
import filter from "@smarteros/ui/filter-form.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { type AnalyticsParams, addressOf, analyticsPage } from "./search-params.ts";

type Props = {
  params: AnalyticsParams;
  range: Range | undefined;
  timeZone: string;
  seesAll: boolean;
  tools: string[];
};

/** Shows the ranges as links, and all other filters as a form that requests the page from the server. */
export function FilterForm({ params, range, timeZone, seesAll, tools }: Props) {
  const t = useTranslations("analytics");
  const { from: _from, to: _to, range: _range, ...others } = params;
  const isFiltered = Object.values(params).some(Boolean);
  return (
    <>
      <nav className={styles.ranges} aria-label={t("range")}>
        {(Object.keys(ranges) as Range[]).map((name) => (
          <Link
            key={name}
            className="plain"
            href={addressOf({ ...others, range: name })}
            aria-current={range === name ? "true" : undefined}
          >
            {t(`rangeIs.${name}`)}
          </Link>
        ))}
      </nav>
      <details className={styles.custom} open={!range || Object.values(others).some(Boolean)}>
        <summary>{t("filters")}</summary>
        <search>
          {/* The key makes a new form for other filters, with their values in its fields. */}
          <form key={JSON.stringify(params)} className={filter.search} action={analyticsPage}>
            {range && <input type="hidden" name="range" value={range} />}
            <TextFilter name="tool" label={t("tool")} value={params.tool} maxLength={200} options={tools} />
            {seesAll && (
              <>
                <TextFilter name="user" label={t("user")} value={params.user} maxLength={255} />
                <TextFilter name="tenant" label={t("tenant")} value={params.tenant} maxLength={36} />
              </>
            )}
            <TimeFilter name="from" label={t("from")} value={params.from} timeZone={timeZone} />
            <TimeFilter name="to" label={t("to")} value={params.to} timeZone={timeZone} />
            <div className={filter.actions}>
              <button className="plain" type="submit">
                {t("show")}
              </button>
              {isFiltered && <Link href={analyticsPage}>{t("clear")}</Link>}
            </div>
          </form>
        </search>
      </details>
    </>
  );
}
