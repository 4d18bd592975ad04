import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";

type Props = {
  /** The address of the first page; undefined on the first page. */
  first: string | undefined;
  /** The address of the next page; undefined on the last page. */
  next: string | undefined;
  /** Texts of one of several lists on a page, in place of the usual ones. */
  texts?: { pages: string; first: string; next: string };
  prefetch?: false | undefined;
};

/** Links to the first and the next page of a list; shows nothing where there is only one. */
export function Pager({ first, next, texts, prefetch }: Props) {
  const t = useTranslations("paging");
  if (!first && !next) return null;
  return (
    <nav className={page.pages} aria-label={texts?.pages ?? t("pages")}>
      {first && (
        <Link className="plain" href={first} prefetch={prefetch}>
          {texts?.first ?? t("first")}
        </Link>
      )}
      {next && (
        <Link className="plain" href={next} prefetch={prefetch}>
          {texts?.next ?? t("next")}
        </Link>
      )}
    </nav>
  );
}
