"use client";

import { useDebouncedCallback } from "@mantine/hooks";
import { vendors } from "@smarteros/connectors/vendors";
import page from "@smarteros/ui/page.module.css";
import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import { IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useTransition } from "react";
import { vendorNames } from "../../components/vendor-names.ts";
import styles from "../live/provisioning.module.css";
import {
  askers,
  isFiltered,
  type RunFilters,
  runFilterStates,
  runFiltersOf,
  runsAddress,
} from "./run-filters.ts";

type Props = {
  filters: RunFilters;
  /** A sentence about the result, for screen readers. */
  found: string;
  children: ReactNode;
};

/**
 * Shows the filters of the runs and, below them, the result. A form that requests the page from the server; with
 * JavaScript it does so after each change.
 */
export function RunSearch({ filters, found, children }: Props) {
  const t = useTranslations("provisioning.runs");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const current = runsAddress({ ...filters, cursor: undefined });
  const asked = useRef(current);

  // The fields follow an address that changed by a link or by going back, but not while the user types.
  useEffect(() => {
    if (asked.current === current) return;
    asked.current = current;
    for (const [name, value] of Object.entries({ state: "", vendor: "", who: "", ...filters })) {
      const field = form.current?.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value ?? "";
    }
  }, [current, filters]);

  function ask() {
    if (!form.current) return;
    const wanted = runsAddress(
      runFiltersOf(Object.fromEntries(new FormData(form.current)) as Record<string, string>),
    );
    if (wanted === asked.current) return;
    asked.current = wanted;
    startTransition(() => router.replace(wanted, { scroll: false }));
  }
  const askSoon = useDebouncedCallback(ask, 250);
  useShortcuts({ "/": () => form.current?.querySelector<HTMLElement>("[name=search]")?.focus() });

  return (
    <>
      <search>
        <form
          ref={form}
          className={page.search}
          action="/dashboard/runs"
          onSubmit={(event) => {
            event.preventDefault();
            askSoon.cancel();
            ask();
          }}
        >
          <input
            className={page.field}
            type="search"
            name="search"
            aria-label={t("search")}
            placeholder={t("search")}
            defaultValue={filters.search}
            maxLength={120}
            autoComplete="off"
            spellCheck={false}
            onChange={askSoon}
          />
          {filters.tenant && <input type="hidden" name="tenant" value={filters.tenant} />}
          <select
            className={styles.select}
            name="state"
            aria-label={t("state")}
            defaultValue={filters.state ?? ""}
            onChange={ask}
          >
            <option value="">{t("anyState")}</option>
            {runFilterStates.map((state) => (
              <option key={state} value={state}>
                {t(`stateIs.${state}`)}
              </option>
            ))}
          </select>
          <select
            className={styles.select}
            name="vendor"
            aria-label={t("vendor")}
            defaultValue={filters.vendor ?? ""}
            onChange={ask}
          >
            <option value="">{t("anyVendor")}</option>
            {vendors.map((vendor) => (
              <option key={vendor} value={vendor}>
                {vendorNames[vendor]}
              </option>
            ))}
          </select>
          <select
            className={styles.select}
            name="who"
            aria-label={t("who")}
            defaultValue={filters.who ?? ""}
            onChange={ask}
          >
            <option value="">{t("anyone")}</option>
            {askers.map((who) => (
              <option key={who} value={who}>
                {t(`whoIs.${who}`)}
              </option>
            ))}
          </select>
          <button className="plain" type="submit">
            <IconSearch size={16} stroke={1.5} aria-hidden /> {t("find")}
          </button>
          {isFiltered(filters) && <Link href="/dashboard/runs">{t("clear")}</Link>}
        </form>
      </search>
      {filters.tenant && (
        <p className={page.count}>
          {t("ofOneTenant")}{" "}
          <Link href={`/dashboard/tenants/${encodeURIComponent(filters.tenant)}`} prefetch={false}>
            {t("toTenant")}
          </Link>
        </p>
      )}
      <p className="visually-hidden" role="status">
        {found}
      </p>
      <div className={page.results} aria-busy={pending}>
        {children}
      </div>
    </>
  );
}
