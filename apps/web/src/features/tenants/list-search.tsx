"use client";

import { useDebouncedCallback } from "@mantine/hooks";
import page from "@smarteros/ui/page.module.css";
import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useTransition } from "react";
import { type Filters, listAddress } from "./filters.ts";

type Props = {
  filters: Filters /** What was found, in a sentence, for who does not see it. */;
  found: string;
  children: ReactNode;
};

/**
 * Shows the filters of the list and, below them, the result. A form that requests the page from the server; with
 * JavaScript it does so while the user types, and greys the previous result until the response.
 */
export function ListSearch({ filters, found, children }: Props) {
  const t = useTranslations("tenants.list");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const { search, deleted } = filters;
  const asked = useRef({ search, deleted });

  // The fields follow an address that changed by a link or by going back, but not while the user types.
  useEffect(() => {
    if (!form.current || (asked.current.search === search && asked.current.deleted === deleted)) return;
    asked.current = { search, deleted };
    const fields = fieldsOf(form.current);
    fields.search.value = search;
    fields.deleted.checked = deleted;
  }, [search, deleted]);

  function ask() {
    if (!form.current) return;
    const fields = fieldsOf(form.current);
    const wanted = { search: fields.search.value.trim(), deleted: fields.deleted.checked };
    if (wanted.search === asked.current.search && wanted.deleted === asked.current.deleted) return;
    asked.current = wanted;
    startTransition(() => router.replace(listAddress(wanted), { scroll: false }));
  }
  const askSoon = useDebouncedCallback(ask, 250);
  useShortcuts({ "/": () => form.current && fieldsOf(form.current).search.focus() });

  return (
    <>
      <search>
        <form
          ref={form}
          className={page.search}
          action={listAddress({ search: "", deleted: false })}
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
            defaultValue={search}
            maxLength={120}
            autoComplete="off"
            spellCheck={false}
            onChange={askSoon}
          />
          <button className="plain" type="submit">
            <IconSearch size={16} stroke={1.5} aria-hidden /> {t("find")}
          </button>
          <label className={page.checkbox}>
            <input type="checkbox" name="deleted" value="1" defaultChecked={deleted} onChange={ask} />
            {t("deleted")}
          </label>
        </form>
      </search>
      <p className="visually-hidden" role="status">
        {found}
      </p>
      <div className={page.results} aria-busy={pending}>
        {children}
      </div>
    </>
  );
}

function fieldsOf(form: HTMLFormElement) {
  return form.elements as unknown as { search: HTMLInputElement; deleted: HTMLInputElement };
}
