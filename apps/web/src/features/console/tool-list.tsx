"use client";

import { Button, TextInput } from "@mantine/core";
import { visibleText } from "@smarteros/ui/visible-text.ts";
import { IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, memo, useDeferredValue, useMemo, useRef, useState } from "react";
import styles from "./console.module.css";
import { HintIcon } from "./hints.tsx";
import { type ConsoleTool, groupTools, hintsOf } from "./tool.ts";

type Props = {
  tools: ConsoleTool[];
  selected: string | undefined;
  onSelect: (name: string) => void;
  /** Goes back to the quick actions. */
  onLeave: () => void;
};

/** The catalog: searchable, by namespace. Arrows move from the search into the list and along it. */
export const ToolList = memo(function ToolList({ tools, selected, onSelect, onLeave }: Props) {
  const t = useTranslations("console");
  const [search, setSearch] = useState("");
  const deferred = useDeferredValue(search);
  const groups = useMemo(() => groupTools(tools, deferred), [tools, deferred]);
  const found = groups.flatMap(([, group]) => group);
  const list = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent) {
    const first = found[0];
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && first)
      return onSelect(first.name);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !list.current) return;
    event.preventDefault();
    const stops = [...list.current.querySelectorAll<HTMLElement>("input, button[data-tool]")];
    const place = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.min(Math.max(place + step, 0), stops.length - 1)]?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys only move the focus between the buttons in it
    <div className={styles.list} ref={list} onKeyDown={move}>
      <div className={styles.listHead}>
        <TextInput
          type="search"
          data-tool-search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t("list.search")}
          aria-label={t("list.search")}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          rightSection={<kbd aria-hidden>/</kbd>}
        />
        <div className={styles.listCount}>
          <span role="status">{t("list.count", { count: found.length })}</span>
          {selected && (
            <button type="button" className={styles.link} onClick={onLeave}>
              {t("start.title")}
            </button>
          )}
        </div>
      </div>
      {found.length === 0 && (
        <div className={styles.empty}>
          <p>
            <bdi>{t("list.none", { search: visibleText(deferred) })}</bdi>
          </p>
          <Button variant="default" onClick={() => setSearch("")}>
            {t("list.clear")}
          </Button>
        </div>
      )}
      <nav aria-label={t("list.label")}>
        {groups.map(([namespace, group]) => (
          <details key={namespace} open className={styles.group}>
            <summary>
              {namespace} <span>({group.length})</span>
            </summary>
            <ul>
              {group.map((tool) => (
                <ToolRow key={tool.name} tool={tool} current={tool.name === selected} onSelect={onSelect} />
              ))}
            </ul>
          </details>
        ))}
      </nav>
    </div>
  );
});

type RowProps = { tool: ConsoleTool; current: boolean; onSelect: (name: string) => void };

const ToolRow = memo(function ToolRow({ tool, current, onSelect }: RowProps) {
  const t = useTranslations("console.hint");
  return (
    <li>
      <button
        type="button"
        data-tool={tool.name}
        aria-current={current ? "true" : undefined}
        onClick={() => onSelect(tool.name)}
      >
        <span>{tool.name.slice(tool.name.indexOf(".") + 1)}</span>
        {hintsOf(tool).map((hint) => (
          <span key={hint} data-hint={hint} title={t(hint)}>
            <HintIcon hint={hint} />
            <span className="visually-hidden">, {t(hint)}</span>
          </span>
        ))}
      </button>
    </li>
  );
});
