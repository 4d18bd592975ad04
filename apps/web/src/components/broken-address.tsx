import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";

type Props = {
  /** The address of the list without search params. */
  start: string;
  /** Texts in place of the usual ones. */
  texts?: { problem: string; start: string } | undefined;
};

/** Shows that an address names nothing that can be shown, and links to the start of its list. */
export function BrokenAddress({ start, texts }: Props) {
  const t = useTranslations("paging");
  return (
    <div className={page.problem} role="alert">
      <p>{texts?.problem ?? t("brokenAddress")}</p>
      <Link className="plain" href={start}>
        {texts?.start ?? t("fromStart")}
      </Link>
    </div>
  );
}
