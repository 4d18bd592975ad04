import Link from "next/link";
import { useTranslations } from "next-intl";
import { Name } from "../shell/name.tsx";
import { type Filters, listAddress } from "./filters.ts";
import styles from "./tenants.module.css";
import type { Writing } from "./writing.ts";

type Props = { filters: Filters; hidden: boolean; writing: Writing };

/** Says why the list is empty, and what to do about it. */
export function EmptyList({ filters, hidden, writing }: Props) {
  const t = useTranslations("tenants");
  const { search, cursor } = filters;
  if (search)
    return (
      <div className={styles.empty}>
        <p>{t.rich("empty.filtered", { search, name: () => <Name>{search}</Name> })}</p>
        <Link className="plain" href="/dashboard/tenants">
          {t("empty.clear")}
        </Link>
      </div>
    );
  if (cursor)
    return (
      <div className={styles.empty}>
        <p>{t("empty.pastTheEnd")}</p>
      </div>
    );
  if (hidden)
    return (
      <div className={styles.empty}>
        <p>{t("empty.noActive")}</p>
        <Link className="plain" href={listAddress({ ...filters, deleted: true })}>
          {t("empty.showDeleted")}
        </Link>
      </div>
    );
  return (
    <div className={styles.empty}>
      <p>{t(writing === "possible" ? "empty.first" : "empty.nothingToSee")}</p>
      {writing === "possible" && (
        <Link className="button" href="/dashboard/tenants/new">
          {t("new")}
        </Link>
      )}
    </div>
  );
}
