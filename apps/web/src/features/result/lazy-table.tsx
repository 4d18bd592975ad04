import { useTranslations } from "next-intl";
import { type ComponentProps, useEffect, useState } from "react";
import styles from "./result-view.module.css";
import type { Table as TableType } from "./table.tsx";

type State = { Table?: typeof TableType; failed?: boolean };

/**
 * The table, fetched when it is first looked at. Not by a suspense boundary: React shows a fallback for 300 ms even where
 * the code comes sooner.
 */
export function LazyTable(props: ComponentProps<typeof TableType>) {
  const t = useTranslations("result");
  const [{ Table, failed }, setState] = useState<State>({});
  useEffect(() => {
    let shown = true;
    import("./table.tsx").then(
      (loaded) => shown && setState({ Table: loaded.Table }),
      () => shown && setState({ failed: true }),
    );
    return () => {
      shown = false;
    };
  }, []);
  if (Table) return <Table {...props} />;
  return (
    <p className={styles.cut} role="status">
      {t(failed ? "failedTable" : "loadingTable")}
    </p>
  );
}
