"use client";

import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { Name } from "@smarteros/ui/name.tsx";
import pageStyles from "@smarteros/ui/page.module.css";
import { useNow } from "@smarteros/ui/use-now.ts";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { Pager } from "../../components/pager.tsx";
import styles from "../live/provisioning.module.css";
import type { RunPage } from "./read-runs.ts";
import { isFiltered, type RunFilters, runsAddress, runsPage } from "./run-filters.ts";
import { RunRow } from "./run-row.tsx";

const refreshMs = 4_000;

type Props = {
  page: RunPage;
  filters: RunFilters;
  viewer: string;
  written: number;
  writable: boolean;
};

/** Shows a page of the found runs with a link to the next, or the reason why there are none. */
export function FoundRuns({ page, filters, viewer, written, writable }: Props) {
  const t = useTranslations("provisioning.runs");
  const { runs, nextCursor, cut } = page;
  const open = runs.some(isOpen);
  const now = useNow(written, open);
  useRefresh(open);
  const { search, cursor } = filters;
  if (runs.length === 0)
    return (
      <div className={pageStyles.empty}>
        {search ? (
          <p>{t.rich("nothingFor", { search, name: () => <Name>{search}</Name> })}</p>
        ) : (
          <p>{t(cursor ? "pastTheEnd" : isFiltered(filters) ? "nothingMatches" : "empty")}</p>
        )}
        {(cursor || isFiltered(filters)) && (
          <Link className="plain" href={runsPage}>
            {t("clear")}
          </Link>
        )}
        {!cursor && !isFiltered(filters) && <Link href="/dashboard/tenants">{t("toTenants")}</Link>}
      </div>
    );
  return (
    <>
      {cut && <p className={pageStyles.count}>{t("cut")}</p>}
      <ul className={styles.runs}>
        {runs.map((run) => (
          <li key={run.id}>
            <RunRow run={run} viewer={viewer} now={now} writable={writable} withTenant />
          </li>
        ))}
      </ul>
      <Pager
        first={cursor && runsAddress({ ...filters, cursor: undefined })}
        next={nextCursor && runsAddress({ ...filters, cursor: nextCursor })}
      />
    </>
  );
}

/** Reads the page again every few seconds while a run on it is open and the page is visible. */
function useRefresh(open: boolean) {
  const router = useRouter();
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && navigator.onLine) router.refresh();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [open, router]);
}
