import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Writing } from "../../session/write-permission.ts";
import { type Filters, listAddress } from "./filters.ts";

type Props = { filters: Filters; hidden: boolean; writing: Writing };

/** Explains why the list is empty, and what to do. */
export function EmptyList({ filters, hidden, writing }: Props) {
  const t = useTranslations("tenants");
  const { search, cursor } = filters;
  if (search)
    return (
      <div className={page.empty}>
        <p>{t.rich("empty.filtered", { search, name: () => <Name>{search}</Name> })}</p>
        <Link className="plain" href="/dashboard/tenants">
          {t("empty.clear")}
        </Link>
      </div>
    );
  if (cursor)
    return (
      <div className={page.empty}>
        <p>{t("empty.pastTheEnd")}</p>
      </div>
    );
  if (hidden)
    return (
      <div className={page.empty}>
        <p>{t("empty.noActive")}</p>
        <Link className="plain" href={listAddress({ ...filters, deleted: true })}>
          {t("empty.showDeleted")}
        </Link>
      </div>
    );
  return (
    <div className={page.empty}>
      <p>{t(writing === "possible" ? "empty.first" : "empty.nothingToSee")}</p>
      {writing === "possible" && (
        <Link className="button" href="/dashboard/tenants/new">
          {t("new")}
        </Link>
      )}
    </div>
  );
}
