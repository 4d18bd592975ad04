"use client";

import { connectorErrorKinds } from "@smarteros/connectors/error-kinds";
import { vendorNames, vendors } from "@smarteros/connectors/vendors";
import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ListSearch } from "../../components/list-search.tsx";
import styles from "../live/provisioning.module.css";
import {
  askers,
  isFiltered,
  type RunFilters,
  runFilterStates,
  runFiltersOf,
  runsAddress,
  runsPage,
  sinceRanges,
} from "./run-filters.ts";

type Props = {
  filters: RunFilters;
  /** A sentence about the result, for screen readers. */
  found: string;
  children: ReactNode;
};

/** Shows the filters of the runs and, below them, the result. */
export function RunSearch({ filters, found, children }: Props) {
  const t = useTranslations("provisioning.runs");
  const all = useTranslations("provisioning");
  const { search, tenant = "", state = "", vendor = "", error = "", since = "", who = "" } = filters;
  return (
    <ListSearch
      start={runsPage}
      current={runsAddress({ ...filters, cursor: undefined })}
      values={{ search, tenant, state, vendor, error, since, who }}
      addressOf={(fields) => runsAddress(runFiltersOf(fields))}
      texts={{ search: t("search"), find: t("find") }}
      fields={(ask) => (
        <>
          {tenant && <input type="hidden" name="tenant" value={tenant} />}
          <Choice
            name="state"
            label={t("state")}
            value={state}
            any={t("anyState")}
            onChange={ask}
            options={runFilterStates.map((one) => [one, t(`stateIs.${one}`)])}
          />
          <Choice
            name="vendor"
            label={t("vendor")}
            value={vendor}
            any={t("anyVendor")}
            onChange={ask}
            options={vendors.map((one) => [one, vendorNames[one]])}
          />
          <Choice
            name="error"
            label={t("error")}
            value={error}
            any={t("anyError")}
            onChange={ask}
            options={connectorErrorKinds.map((one) => [
              one,
              all(`kind.${one}`, { vendor: all("anyVendor") }),
            ])}
          />
          <Choice
            name="since"
            label={t("since")}
            value={since}
            any={t("anyTime")}
            onChange={ask}
            options={sinceRanges.map((one) => [one, t(`sinceIs.${one}`)])}
          />
          <Choice
            name="who"
            label={t("who")}
            value={who}
            any={t("anyone")}
            onChange={ask}
            options={askers.map((one) => [one, t(`whoIs.${one}`)])}
          />
        </>
      )}
      fieldsAfter={() => isFiltered(filters) && <Link href={runsPage}>{t("clear")}</Link>}
      note={
        tenant && (
          <p className={page.count}>
            {t("ofOneTenant")}{" "}
            <Link href={`/dashboard/tenants/${encodeURIComponent(tenant)}`} prefetch={false}>
              {t("toTenant")}
            </Link>
          </p>
        )
      }
      found={found}
    >
      {children}
    </ListSearch>
  );
}

type ChoiceProps = {
  name: string;
  label: string;
  value: string;
  /** The text of no choice. */
  any: string;
  /** The values with their texts. */
  options: [string, string][];
  onChange(): void;
};

function Choice({ name, label, value, any, options, onChange }: ChoiceProps) {
  return (
    <select className={styles.select} name={name} aria-label={label} defaultValue={value} onChange={onChange}>
      <option value="">{any}</option>
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}
