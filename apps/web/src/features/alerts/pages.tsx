import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";

/** Links to the next page of a list; `list` is its name in the address. */
export function Pages({
  list,
  isFirst,
  next,
}: {
  list: "history" | "deliveries";
  isFirst: boolean;
  next?: string | undefined;
}) {
  const t = useTranslations("alerts");
  if (isFirst && !next) return null;
  return (
    <nav className={page.pages} aria-label={t(list)}>
      {!isFirst && (
        <Link className="plain" href="/dashboard/alerts" prefetch={false}>
          {t("newest")}
        </Link>
      )}
      {next && (
        <Link
          className="plain"
          href={`/dashboard/alerts?${new URLSearchParams({ [list]: next })}#${list}`}
          prefetch={false}
        >
          {t("older")}
        </Link>
      )}
    </nav>
  );
}
