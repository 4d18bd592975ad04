import { useTranslations } from "next-intl";
import styles from "./list-skeleton.module.css";
import page from "./page.module.css";

const rows = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** The outline of a list while it is read; it shows after 200 ms. */
export function ListSkeleton({ title }: { title: string }) {
  const t = useTranslations("ui");
  return (
    <div className={page.wide} data-skeleton>
      <div className={page.title}>
        <h1>{title}</h1>
      </div>
      <div className={styles.skeleton} aria-busy="true">
        <p className="visually-hidden" role="status">
          {t("loading")}
        </p>
        {rows.map((row) => (
          <div key={row} aria-hidden />
        ))}
      </div>
    </div>
  );
}
