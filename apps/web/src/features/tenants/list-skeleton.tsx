import { useTranslations } from "next-intl";
import styles from "./tenants.module.css";

const rows = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** The outline of a list while it is read; it shows after 200 ms. */
export function ListSkeleton({ title }: { title: string }) {
  const t = useTranslations("tenants");
  return (
    <div className={styles.wide} data-skeleton>
      <div className={styles.title}>
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
