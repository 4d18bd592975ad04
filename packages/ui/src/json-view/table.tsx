"use client";

import "mantine-datatable/styles.css";
import { NativeSelect } from "@mantine/core";
import { DataTable } from "mantine-datatable";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { visibleText } from "../visible-text.ts";
import { Cell } from "./cell.tsx";
import { ColumnTitle } from "./column-title.tsx";
import type { JsonDocument } from "./json-document.ts";
import { keepInSight } from "./list-window.ts";
import { firstOf } from "./long-text.ts";
import styles from "./result-view.module.css";
import { cellsOf, columnsOf, recordOf, type Sorting, sortedRecords } from "./table-model.ts";
import type { Search } from "./use-search.ts";

const rowsOfPage = 50;
const headerHeight = 48;
const mostColumns = 60;
const maxNameLength = 60;

/** A list of a result as a table, in pages; the one that holds the current match is shown. */
export function Table({
  document,
  lists,
  search,
}: {
  document: JsonDocument;
  lists: number[];
  search: Search;
}) {
  const t = useTranslations("jsonView");
  const locale = useLocale();
  const [list, setList] = useState(lists[0] ?? 0);
  const [page, setPage] = useState(1);
  const [sorting, setSorting] = useState<Sorting>();
  const columns = useMemo(() => columnsOf(document, list), [document, list]);
  const records = useMemo(
    () => sortedRecords(document, list, sorting, locale),
    [document, list, sorting, locale],
  );
  const current = search.matches[search.current];
  const found = current && recordOf(document, list, current.node);
  useEffect(() => {
    if (found === undefined) return;
    setPage(1 + Math.floor(records.indexOf(found) / rowsOfPage));
  }, [found, records]);
  const viewport = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!current) return;
    const find = (box: HTMLElement) =>
      box.querySelector("mark[data-current]") ?? box.querySelector(`.${styles.foundRow}`);
    return keepInSight(viewport.current, find, headerHeight);
  }, [current]);
  const shown = records.slice((page - 1) * rowsOfPage, page * rowsOfPage);
  const cells = new Map(shown.map((record) => [record, cellsOf(document, record)]));
  return (
    <>
      {lists.length > 1 ? (
        <NativeSelect
          className={styles.list}
          label={t("list")}
          value={list}
          data={lists.map((node) => ({
            value: String(node),
            label: visibleText(firstOf(String(document.keys[node]), maxNameLength)),
          }))}
          onChange={(event) => {
            setList(Number(event.currentTarget.value));
            setSorting(undefined);
            setPage(1);
          }}
        />
      ) : null}
      {columns.length > mostColumns ? (
        <p className={styles.cut}>{t("cutColumns", { shown: mostColumns, total: columns.length })}</p>
      ) : null}
      {current && found === undefined ? <p className={styles.cut}>{t("outsideTable")}</p> : null}
      <DataTable
        className={styles.table}
        aria-label={t("table")}
        withTableBorder
        withColumnBorders
        verticalAlign="top"
        maxHeight="var(--result-height, 60dvh)"
        records={shown.map((node) => ({ node }))}
        idAccessor="node"
        columns={columns.slice(0, mostColumns).map((name, index) => ({
          // The names of data may mean paths to the table; numbers do not.
          accessor: `${index}`,
          title: (
            <ColumnTitle
              name={name}
              direction={sorting?.column === name ? sorting.direction : undefined}
              onSort={(direction) => {
                setSorting({ column: name, direction });
                setPage(1);
              }}
            />
          ),
          render: ({ node }: { node: number }) => (
            <Cell document={document} node={cells.get(node)?.get(name)} search={search} />
          ),
        }))}
        rowClassName={({ node }) => (node === found ? styles.foundRow : undefined)}
        page={page}
        onPageChange={setPage}
        recordsPerPage={rowsOfPage}
        totalRecords={records.length}
        paginationText={({ from, to, totalRecords }) => t("range", { from, to, total: totalRecords })}
        getPaginationControlProps={(control) => ({
          "aria-label": control === "next" || control === "last" ? t("nextPage") : t("previousPage"),
        })}
        getPaginationItemProps={(number) => ({ "aria-label": t("page", { page: number }) })}
        scrollViewportRef={viewport}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "group", "aria-label": t("table") } }}
      />
    </>
  );
}
