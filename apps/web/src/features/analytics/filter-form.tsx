import { type Range, ranges } from "@smarteros/observability";
import { MomentFilter, TextFilter } from "@smarteros/ui/filter-fields.tsx";
import filter from "@smarteros/ui/filter-form.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import styles from "./analytics.module.css";
import { addressOf, analyticsPage, type Wish } from "./search-params.ts";

type Props = { wish: Wish; range: Range | undefined; timeZone: string; seesAll: boolean; tools: string[] };

/** Shows the ranges as links, and all other filters as a form that requests the page from the server. */
export function WishForm({ wish, range, timeZone, seesAll, tools }: Props) {
  const t = useTranslations("analytics");
  const { from: _from, to: _to, range: _range, ...others } = wish;
  const isFiltered = Object.values(wish).some(Boolean);
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
          {/* A new form for another wish: what stands in its fields is then its own. */}
          <form key={JSON.stringify(wish)} className={filter.search} action={analyticsPage}>
            {range && <input type="hidden" name="range" value={range} />}
            <TextFilter name="tool" label={t("tool")} value={wish.tool} maxLength={200} options={tools} />
            {seesAll && (
              <>
                <TextFilter name="user" label={t("user")} value={wish.user} maxLength={255} />
                <TextFilter name="tenant" label={t("tenant")} value={wish.tenant} maxLength={36} />
              </>
            )}
            <MomentFilter name="from" label={t("from")} value={wish.from} timeZone={timeZone} />
            <MomentFilter name="to" label={t("to")} value={wish.to} timeZone={timeZone} />
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
