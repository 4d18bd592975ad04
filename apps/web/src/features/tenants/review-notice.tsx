import Link from "next/link";
import { useTranslations } from "next-intl";

/** Shows how many rows of an upgrade wait in review, with a link; nothing where none do. */
export function ReviewNotice({ count }: { count: number }) {
  const t = useTranslations("tenants.review");
  if (count === 0) return null;
  return (
    <p className="notice">
      {t("waiting", { count })} <Link href="/dashboard/tenants/review">{t("open")}</Link>
    </p>
  );
}
