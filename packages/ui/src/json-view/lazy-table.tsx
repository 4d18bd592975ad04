import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { useLazyModule } from "../use-lazy-module.ts";
import styles from "./result-view.module.css";
import type { Table as TableType } from "./table.tsx";

const loadTable = () => import("./table.tsx");

/** The table, fetched when it is first looked at. */
export function LazyTable(props: ComponentProps<typeof TableType>) {
  const t = useTranslations("jsonView");
  const { code, failed } = useLazyModule(loadTable);
  if (code) return <code.Table {...props} />;
  return (
    <p className={styles.cut} role="status">
      {t(failed ? "failedTable" : "loadingTable")}
    </p>
  );
}
