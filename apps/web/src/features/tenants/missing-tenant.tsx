import Link from "next/link";
import { useTranslations } from "next-intl";

/** Shows that a tenant does not exist, in the same text as for another user's. */
export function MissingTenant() {
  const t = useTranslations("tenants");
  return (
    <div className="page">
      <h1>{t("missing.title")}</h1>
      <p>{t("missing.reason")}</p>
      <p>
        <Link href="/dashboard/tenants">{t("back")}</Link>
      </p>
    </div>
  );
}
