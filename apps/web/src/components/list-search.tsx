"use client";

import { useDebouncedCallback } from "@mantine/hooks";
import page from "@smarteros/ui/page.module.css";
import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useTransition } from "react";

type Props = {
  /** The address of the list without filters. */
  start: string;
  /** The address of the list with the current filters, without a cursor. */
  current: string;
  /** The current filters by the names of the fields; empty for none, and for a checkbox that is not checked. */
  values: { search: string } & Record<string, string>;
  /** Builds the address of the list with the values of the fields. */
  addressOf(fields: Record<string, string>): string;
  texts: { search: string; find: string };
  /** Builds fields that call `ask` when they change, before the button. */
  fields?: (ask: () => void) => ReactNode;
  /** The same after the button. */
  fieldsAfter?: (ask: () => void) => ReactNode;
  /** Content between the form and the result. */
  note?: ReactNode;
  /** A sentence about the result, for screen readers. */
  found: string;
  children: ReactNode;
};

/**
 * Shows the filters of a list and, below them, the result. A form that requests the page from the server; with JavaScript
 * it does so after each change, and greys the previous result until the response.
 */
export function ListSearch(props: Props) {
  const { start, current, values, addressOf, texts, fields, fieldsAfter, note, found, children } = props;
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const asked = useRef(current);

  // The fields follow an address that changed by a link or by going back, but not while the user types.
  useEffect(() => {
    if (asked.current === current) return;
    asked.current = current;
    for (const [name, value] of Object.entries(values))
      setField(form.current?.elements.namedItem(name), value);
  }, [current, values]);

  function ask() {
    if (!form.current) return;
    const wanted = addressOf(Object.fromEntries(new FormData(form.current)) as Record<string, string>);
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
          action={start}
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
            aria-label={texts.search}
            placeholder={texts.search}
            defaultValue={values.search}
            maxLength={120}
            autoComplete="off"
            spellCheck={false}
            onChange={askSoon}
          />
          {fields?.(ask)}
          <button className="plain" type="submit">
            <IconSearch size={16} stroke={1.5} aria-hidden /> {texts.find}
          </button>
          {fieldsAfter?.(ask)}
        </form>
      </search>
      {note}
      <p className="visually-hidden" role="status">
        {found}
      </p>
      <div className={page.results} aria-busy={pending}>
        {children}
      </div>
    </>
  );
}

function setField(field: Element | RadioNodeList | null | undefined, value: string) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value !== "";
  else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
}
